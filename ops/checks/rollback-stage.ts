import { pass } from "../../checklist/check.ts";
import { lazy } from "../../checklist/lazy.ts";
import type { Stage } from "../../checklist/stage.ts";
import { readLiveAlias } from "../aws/lambda/alias.ts";
import { isWhole } from "../aws/lambda/alias-traffic.ts";
import { CHECKPOINT_ALIAS_PREFIX } from "../aws/lambda/release-history.ts";
import type { Context } from "../context.ts";
import { afterRollback } from "./after-rollback.ts";
import { type InfrastructureRollbackOptions, rollBackInfrastructure } from "./infrastructure-rollback.ts";
import { describeLive } from "./live-version.ts";
import { moveLiveAlias } from "./move-alias.ts";
import { moveReconciler } from "./move-reconciler.ts";
import { pruneAliases } from "./prune-aliases.ts";
import { findReconcilerPlace } from "./reconciler-place.ts";
import { findRollbackTarget } from "./rollback-target.ts";
import { smokeInvocation } from "./smoke-invocation.ts";
import { testInvocation } from "./test-invocation.ts";

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
