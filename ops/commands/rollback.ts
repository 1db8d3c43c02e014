import type { Result } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { rollbackStage } from "../checks/rollback-stage.ts";
import { nobodyElseAtWork } from "../checks/state-lock.ts";
import { declareEnvironmentCommand, DRY_RUN } from "../command.ts";
import type { Context } from "../context.ts";
import { parseReason, parseVersion } from "./option-parsers.ts";

export const rollback = declareEnvironmentCommand({
  name: "rollback",
  summary: "return to the previously released version",
  description:
    "Returns to the version that was live before the last release, or to the one that --to names. Versions that " +
    "were rolled back, or whose code is that of the live version, are skipped. Invokes the version by its number, " +
    "keeps the live one as the alias checkpoint-<UTC time>, moves the live alias, and checks that it works. Stops " +
    "if someone else has moved the alias meanwhile, and, unless --to names a version, if there was a rollback in the last ten minutes.\n\n" +
    "A deployment that is at work moves the alias again at its end. While somebody holds Terraform's lock, the rollback is made " +
    "all the same, but it says who, and since when, and its exit code is 3: look again afterwards.\n\n" +
    "The alias of the scheduled reconciler moves directly after, to its version with the same code. A version from " +
    "before the reconciler existed leaves it where it is. A rollback that moved the handler alone is finished by the " +
    "same command.\n\n" +
    "--with-infrastructure checks out the commit that the version was built from, shows what Terraform would " +
    "change, and applies it after the alias has moved. With --dry-run it shows the plan and changes nothing. " +
    "Without the option, the infrastructure stays as it is.\n\n" +
    "The rows of the tenants' table are never rolled back.",
  examples: [
    'rollback prod --reason "errors since the release" --dry-run',
    'rollback prod --reason "errors since the release"',
    'rollback dev --to 7 --reason "compare with version 7"',
    'rollback prod --with-infrastructure --reason "the new rule loses events" --dry-run',
  ],
  options: (command) =>
    command
      .requiredOption(
        "--reason <text>",
        "why; recorded in the alias's description and the audit line",
        parseReason,
      )
      .option("--to <version>", "the version's number", parseVersion)
      .option("--with-infrastructure", "also restore the infrastructure of the version's commit")
      .option("--approved-plan <file>", "with it: the approved plan, which this plan must equal")
      .option("--save-plan <file>", "with it: the file to save the plan to, for approval")
      .option("--dry-run", DRY_RUN),
  runsPrograms: true,
  plan: (context, { reason, to, withInfrastructure, approvedPlan, savePlan }) => {
    let isReached = false;
    let isInfrastructureBack = false;
    return {
      runs: "until-failure",
      checks: [
        rightAccount(context),
        {
          runs: "all",
          checks: [
            // With it, Terraform takes the lock, or says who has it, before anything is changed.
            ...(withInfrastructure === true ? [] : [nobodyElseAtWork(context)]),
            rollbackStage(context, {
              reason: () => reason,
              to,
              onReached: () => {
                isReached = true;
              },
              infrastructure: withInfrastructure === true ? { approvedPlan, savePlan } : undefined,
              onInfrastructureBack: () => {
                isInfrastructureBack = true;
              },
            }),
          ],
        },
      ],
      // One that failed before it moved anything has not rolled back what it could, either.
      result: () =>
        isReached || context.dryRun
          ? describeLimits(context, context.dryRun ? withInfrastructure === true : isInfrastructureBack)
          : undefined,
    };
  },
});

const INFRASTRUCTURE = "the infrastructure: rules, queue, alarms, permissions";
const NEVER_ROLLED_BACK = [
  "the rows of the tenants' table: events that were processed wrongly are not undone (see reconcile)",
  "events in the dead-letter queue: they wait there (see dlq replay)",
];

const describeLimits = ({ dryRun }: Context, isInfrastructureBack: boolean): Result => {
  const notRolledBack = [...(isInfrastructureBack ? [] : [INFRASTRUCTURE]), ...NEVER_ROLLED_BACK];
  return {
    data: { notRolledBack },
    text: [
      dryRun ? "A rollback does not roll back:" : "Not rolled back:",
      ...notRolledBack.map((one) => `  ${one}`),
    ].join("\n"),
  };
};
