import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Check, fail, pass } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { differences, readApprovedPlan } from "../terraform/approved-plan.ts";
import { countActions, type PlannedChange } from "../terraform/planned-changes.ts";
import { terraformStack } from "../terraform/terraform-stack.ts";

export interface InfrastructureOptions {
  /** The file of the plan that was approved; this one must be the same. */
  readonly approvedPlan?: string | undefined;
  /** Whose stacks are deployed; else this repository's. */
  readonly repository?: string | undefined;
}

/** Plans the environment's stack, and applies that very plan. */
export const infrastructureChecks = (
  { environment: { environment }, runProgram }: Context,
  { approvedPlan, repository = REPOSITORY }: InfrastructureOptions = {},
): readonly Check[] => {
  const stack = terraformStack({
    name: environment,
    repository,
    outdir: join(repository, "cdktf.out"),
    runProgram,
  });
  let planned: readonly PlannedChange[] = [];
  return [
    {
      title: "Plan",
      preview: () => Promise.resolve(`plan the stack ${environment} with Terraform`),
      run: async () => {
        const approved =
          approvedPlan === undefined ? undefined : await readApprovedPlan(approvedPlan, environment);
        planned = await stack.plan();
        const different = approved === undefined ? [] : differences(approved.changes, planned);
        if (different.length === 0) return pass(countActions(planned));
        stack.forgetPlan();
        return fail(
          `${different.join("; ")}. Nothing is changed: plan and approve again`,
          "the approved plan",
        );
      },
    },
    {
      title: "Apply",
      preview: () => Promise.resolve("apply that plan, then release and verify"),
      run: async () => {
        await stack.apply();
        return pass(countActions(planned));
      },
    },
  ];
};

/** CodeSha256 of the zip in the stack that was synthesized last; undefined when there is none. */
export const synthesizedCodeSha256 = async (environment: string): Promise<string | undefined> => {
  const file = join(REPOSITORY, "cdktf.out", "stacks", environment, "cdk.tf.json");
  const stack: unknown = JSON.parse(await readFile(file, "utf8").catch(() => "null"));
  const { resource } = (stack ?? {}) as { resource?: { aws_lambda_function?: Record<string, object> } };
  // Both functions have the same zip.
  const [handler] = Object.values(resource?.aws_lambda_function ?? {});
  return handler !== undefined && "source_code_hash" in handler
    ? String(handler.source_code_hash)
    : undefined;
};

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
