import { pass } from "../../checklist/check.ts";
import type { Result, Stage } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { aliasIsAtOneVersion, functionIsActive, onFailureDestination } from "../checks/function-checks.ts";
import {
  type InfrastructureRollbackOptions,
  rollBackInfrastructure,
} from "../checks/infrastructure-rollback.ts";
import { describeLive } from "../checks/live-version.ts";
import { moveLiveAlias } from "../checks/move-alias.ts";
import { moveReconciler } from "../checks/move-reconciler.ts";
import { pruneAliases } from "../checks/prune-aliases.ts";
import { findReconcilerPlace } from "../checks/reconciler-place.ts";
import { findRollbackTarget } from "../checks/rollback-target.ts";
import { checksOfEachRule, exactlyTheRules } from "../checks/rule-checks.ts";
import { smokeInvocation } from "../checks/smoke-invocation.ts";
import { testInvocation } from "../checks/test-invocation.ts";
import { declareEnvironmentCommand, DRY_RUN } from "../command.ts";
import type { Context } from "../context.ts";
import { readLiveAlias } from "../aws/lambda/alias.ts";
import { isWhole } from "../aws/lambda/alias-traffic.ts";
import { CHECKPOINT_ALIAS_PREFIX } from "../aws/lambda/release-history.ts";
import { lazy } from "../../checklist/lazy.ts";
import { parseReason, parseVersion } from "./option-parsers.ts";

export const rollback = declareEnvironmentCommand({
  name: "rollback",
  summary: "return to the previously released version",
  description:
    "Returns to the version that was live before the last release, or to the one that --to names. Versions that " +
    "were rolled back, or whose code is that of the live version, are skipped. Invokes the version by its number, " +
    "keeps the live one as the alias checkpoint-<UTC time>, moves the live alias, and checks that it works. Stops " +
    "if someone else has moved the alias meanwhile, and, unless --to names a version, if there was a rollback in the last ten minutes.\n\n" +
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
      // One that failed before it moved anything has not rolled back what it could, either.
      result: () =>
        isReached || context.dryRun
          ? describeLimits(context, context.dryRun ? withInfrastructure === true : isInfrastructureBack)
          : undefined,
    };
  },
});

export interface RollbackOptions {
  /** Asked when the alias is moved. */
  readonly reason: () => string;
  /** Hears when the alias is at the version, or was there already. */
  readonly onReached?: (() => void) | undefined;
  /** The version's number; else the one that was released last. */
  readonly to?: string | undefined;
  /** To bring back the infrastructure of the version's commit, too. */
  readonly infrastructure?: Pick<InfrastructureRollbackOptions, "approvedPlan" | "savePlan"> | undefined;
  /** Hears when the infrastructure has been brought back. */
  readonly onInfrastructureBack?: (() => void) | undefined;
}

/** Everything but the check of the account. */
export const rollbackStage = (
  context: Context,
  {
    reason,
    to,
    infrastructure,
    onReached = () => undefined,
    onInfrastructureBack = () => undefined,
  }: RollbackOptions,
): Stage => {
  const live = lazy(() => readLiveAlias(context));
  const target = findRollbackTarget(context, { live, to, mayBeLive: infrastructure !== undefined });
  const place = findReconcilerPlace(context, async () => (await target()).codeSha256);
  let hasMoved = false;
  const reconciler = moveReconciler(context, {
    place,
    target,
    action: "rollback",
    reason,
    hasMovedHandler: () => hasMoved,
  });
  const targetNumber = async (): Promise<string> => (await target()).number;
  const whatToReturnTo: Stage["checks"] = [
    {
      title: "Live version",
      run: async () => describeLive(context, await live()),
    },
    {
      title: "Version to go back to",
      run: async () => {
        const { number, publishedAt } = await target();
        return pass(`version ${number}, published ${publishedAt}`);
      },
    },
  ];
  const isLiveAlready = async (): Promise<boolean> =>
    (await targetNumber()) === (await live()).version && isWhole(await live());
  const whenElsewhere = (checks: Stage["checks"]): Stage => ({
    runs: "until-failure",
    skip: async () => {
      if (hasMoved || !(await isLiveAlready())) return undefined;
      onReached();
      return "live already";
    },
    checks,
  });
  const nothingMoved = async (): Promise<string | undefined> =>
    (await isLiveAlready()) && (await place()).kind !== "elsewhere" ? "live already" : undefined;
  const move: Stage["checks"] = [
    reconciler.version,
    whenElsewhere([smokeInvocation(context, targetNumber)]),
    reconciler.smoke,
    whenElsewhere(
      moveLiveAlias(context, {
        live,
        target,
        reason,
        action: "rollback",
        rememberAs: CHECKPOINT_ALIAS_PREFIX,
        origin: () => Promise.resolve(undefined),
        // A rollback must not fail because the queue cannot be read.
        deadLetters: () => Promise.resolve(undefined),
        onMoved: () => {
          hasMoved = true;
          onReached();
        },
      }),
    ),
    // Directly after: until then the two are of different releases.
    reconciler.move,
    whenElsewhere([pruneAliases(context, "checkpoints")]),
    // Also after a rollback that an earlier command has begun: nobody has looked at it yet.
    ...(context.dryRun ? [] : [{ ...afterRollback(context), skip: nothingMoved }]),
  ];
  if (infrastructure === undefined) return { runs: "until-failure", checks: [...whatToReturnTo, ...move] };

  const { plan, apply, cleanUp } = rollBackInfrastructure(context, {
    ...infrastructure,
    live,
    target: targetNumber,
    onBack: onInfrastructureBack,
  });
  return {
    runs: "all",
    checks: [
      {
        runs: "until-failure",
        checks: [
          ...whatToReturnTo,
          ...plan,
          // The code first: it takes seconds, and every deployment has the older code on the newer infrastructure, too.
          ...move,
          {
            title: "infrastructure",
            runs: "until-failure",
            checks: [apply, ...(context.dryRun ? [] : testInvocation(context))],
          },
        ],
      },
      cleanUp,
    ],
  };
};

/**
 * What a rollback depends on: with one of these it fails, and the operator takes it for not done. A check belongs here
 * when it says whether the version that is live now gets events and answers them. What has been in the last hour does
 * not: it is why the rollback was made. Checks of `verify` do not get here by themselves.
 */
const afterRollback = (context: Context): Stage => ({
  title: "verify",
  runs: "all",
  checks: [
    functionIsActive(context),
    aliasIsAtOneVersion(context),
    onFailureDestination(context),
    // Others besides do not keep the live version from its events; those of an old version are there in a takeover.
    exactlyTheRules(context, true),
    ...checksOfEachRule(context),
    ...testInvocation(context),
  ],
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
