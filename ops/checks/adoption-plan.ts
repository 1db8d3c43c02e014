import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Check, fail, pass } from "../../checklist/check.ts";
import { deadLetterQueuePolicy } from "../../stacks/dead-letter-queue.ts";
import type { Context } from "../context.ts";
import type { Adoption } from "../takeover/adoption.ts";
import { listOldRoleArns } from "../takeover/old-version.ts";
import { countActions, type PlannedChange } from "../terraform/planned-changes.ts";
import { type TakeoverFiles, terraformStack } from "../terraform/terraform-stack.ts";

export interface AdoptionPlan {
  readonly plan: Check;
  readonly apply: Check;
  /** To be run whatever became of the others. */
  readonly cleanUp: Check;
  readonly changes: () => readonly PlannedChange[];
}

/** Terraform's share: imports what exists, creates what is missing, and destroys nothing. */
export const planAdoption = (context: Context, adoption: Adoption): AdoptionPlan => {
  const { environment, runProgram } = context;
  const stack = terraformStack({
    name: environment.environment,
    repository: REPOSITORY,
    outdir: join(REPOSITORY, "cdktf.out"),
    runProgram,
    takeover: () => takeoverFiles(context, adoption),
  });
  let planned: readonly PlannedChange[] = [];
  return {
    plan: {
      // Also in a dry run: it changes nothing, and is what a dry run is for.
      title: "Plan",
      run: async () => {
        planned = await stack.plan(...(context.dryRun ? ["-lock=false"] : []));
        const losses = planned.filter(({ action }) => LOSING.has(action));
        if (losses.length === 0)
          return pass(`${(await adoption.existing()).length} to import, ${countActions(planned)}`);
        stack.forgetPlan();
        return {
          ...fail(
            losses
              .map(({ action, address, attributes }) => `${action} ${address} (${attributes.join(", ")})`)
              .join("; "),
            "nothing that is destroyed or replaced",
          ),
          hint: "What exists there cannot be changed into what is deployed: rename or delete it by hand first",
        };
      },
    },
    apply: {
      title: "Imported and applied",
      preview: () => Promise.resolve(`import and apply that plan: ${countActions(planned)}`),
      run: async () => {
        await stack.apply();
        return pass(countActions(planned));
      },
    },
    cleanUp: {
      title: "Plan removed",
      run: () => {
        stack.forgetPlan();
        return Promise.resolve(pass("with the import blocks"));
      },
    },
    changes: () => planned,
  };
};

const LOSING: ReadonlySet<string> = new Set(["destroy", "replace", "forget"]);

const QUEUE_POLICY = "aws_sqs_queue_policy.dead-letter-queue-policy";

/** As long as the old version may receive events, it has to be able to park them. */
const takeoverFiles = async (context: Context, adoption: Adoption): Promise<TakeoverFiles> => {
  const existing = await adoption.existing();
  const oldRules = await adoption.oldRules();
  // Old versions keep their roles for good: without a stack and rules none of them is anybody's any more.
  const isOver = existing.length === 0 && oldRules.length === 0 && (await adoption.stack()) === undefined;
  return {
    imports: existing.map(({ resource: { address }, id }) => ({ to: address, id })),
    overrides: isOver ? {} : { [QUEUE_POLICY]: { policy: await widerPolicy(context, oldRules) } },
  };
};

const widerPolicy = async (context: Context, oldRules: readonly string[]): Promise<string> => {
  const { region, accountId } = context.environment;
  const policy = deadLetterQueuePolicy(context.environment, {
    ruleArns: oldRules.map((rule) => `arn:aws:events:${region}:${accountId}:rule/${rule}`),
    roleArns: await listOldRoleArns(context),
  });
  return JSON.stringify(policy);
};

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
