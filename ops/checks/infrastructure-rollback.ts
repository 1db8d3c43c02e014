import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Check, fail, pass, skip } from "../../checklist/check.ts";
import { ObstacleError } from "../../checklist/errors.ts";
import { lazy } from "../../checklist/lazy.ts";
import { type Alias, listAliases } from "../aws/lambda/alias.ts";
import { fetchCode } from "../aws/lambda/fetch-code.ts";
import { findOrigin } from "../aws/lambda/live-period.ts";
import { describeOrigin } from "../aws/lambda/release-record.ts";
import type { Context } from "../context.ts";
import { type ApprovedPlan, differences, readApprovedPlan } from "../terraform/approved-plan.ts";
import { type CommitCheckout, checkOutCommit } from "../terraform/commit-checkout.ts";
import { countActions, type PlannedChange } from "../terraform/planned-changes.ts";
import { terraformStack, type TerraformStack } from "../terraform/terraform-stack.ts";

export interface InfrastructureRollbackOptions {
  readonly live: () => Promise<Alias>;
  /** The number of the version to return to. */
  readonly target: () => Promise<string>;
  /** The file of the plan that was approved; this one must be the same. */
  readonly approvedPlan: string | undefined;
  /** Where to keep the plan for those who approve it. */
  readonly savePlan: string | undefined;
  /** Hears when it has been applied. */
  readonly onBack: () => void;
}

export interface InfrastructureRollback {
  /** Shown before anything is changed. */
  readonly plan: readonly Check[];
  readonly apply: Check;
  /** To be run whatever became of the others. */
  readonly cleanUp: Check;
}

/** Brings back the infrastructure of the commit that a version was built from, by that commit's own program. */
export const rollBackInfrastructure = (
  context: Context,
  { live, target, approvedPlan, savePlan, onBack }: InfrastructureRollbackOptions,
): InfrastructureRollback => {
  const { environment, names, runProgram } = context;
  let checkout: CommitCheckout | undefined;
  let stack: TerraformStack | undefined;
  let planned: readonly PlannedChange[] = [];
  const commit = lazy(async () => {
    const number = await target();
    const origin = findOrigin(number, await live(), await listAliases(context), names);
    if (origin?.kind !== "workflow")
      throw new ObstacleError(
        `version ${number} is ${describeOrigin(origin)}: no commit is known whose infrastructure could be restored`,
        { hint: "Roll back the code alone, without --with-infrastructure" },
      );
    return origin.commit;
  });

  return {
    plan: [
      {
        title: "Commit to return to",
        run: async () => pass(`${await commit()}, which version ${await target()} was built from`),
      },
      {
        title: "Checkout of that commit",
        run: async () => {
          checkout = await checkOutCommit(runProgram, await commit());
          return pass("beside this one");
        },
      },
      {
        // Also in a dry run: it changes nothing, and is what a dry run is for.
        title: "Plan",
        run: async () => {
          if (checkout === undefined) return skip("nothing was checked out");
          const zip = join(dirname(checkout.folder), "handler.zip");
          await writeFile(zip, await fetchCode(context, await target()));
          stack = terraformStack({
            name: environment.environment,
            repository: checkout.folder,
            outdir: join(checkout.folder, "cdktf.out"),
            runProgram,
            variables: { HANDLER_ZIP: zip },
          });
          // A dry run has no need of the lock, and may have no right to it.
          planned = await stack.plan(...(context.dryRun ? ["-lock=false"] : []));
          if (savePlan !== undefined)
            await keep({ environment: environment.environment, changes: planned }, savePlan);
          const different =
            approvedPlan === undefined
              ? []
              : differences((await readApprovedPlan(approvedPlan, environment.environment)).changes, planned);
          return different.length === 0
            ? pass(describe(planned))
            : fail(
                `${different.join("; ")}. Nothing is changed: plan and approve again`,
                "the approved plan",
              );
        },
      },
    ],
    apply: {
      title: "Infrastructure brought back",
      preview: () => Promise.resolve(`apply that plan: ${countActions(planned)}`),
      run: async () => {
        await stack?.apply();
        onBack();
        return pass(countActions(planned));
      },
    },
    cleanUp: {
      title: "Checkout removed",
      run: async () => {
        if (checkout === undefined) return skip("there is none");
        await checkout.remove();
        return pass("with the plan");
      },
    },
  };
};

/** Each change on the line, the destroys first. */
const describe = (changes: readonly PlannedChange[]): string =>
  changes.length === 0
    ? "nothing to do"
    : `${countActions(changes)}: ${changes.map(({ action, address }) => `${action} ${address}`).join(", ")}`;

const keep = async (plan: ApprovedPlan, path: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(plan, null, 2)}\n`);
};
