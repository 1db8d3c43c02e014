import { type Check, fail, judge, pass, skip } from "../../checklist/check.ts";
import { describeExplanation, isAborted, ObstacleError } from "../../checklist/errors.ts";
import { moveAlias } from "../aws/lambda/alias.ts";
import { explainAwsError } from "../aws/explain-error.ts";
import { describeTraffic, isWhole } from "../aws/lambda/alias-traffic.ts";
import { checkReconciler } from "../aws/lambda/invoke-reconciler.ts";
import { ofReconciler } from "../aws/lambda/reconciler-context.ts";
import { describeRecord } from "../aws/lambda/release-record.ts";
import { readReadiness, type Version } from "../aws/lambda/version.ts";
import { shortIdentity } from "../aws/short-identity.ts";
import type { Context } from "../context.ts";
import type { ReconcilerPlace } from "./reconciler-place.ts";

export interface ReconcilerMove {
  readonly place: () => Promise<ReconcilerPlace>;
  /** The handler's version that it goes with. */
  readonly target: () => Promise<Version>;
  readonly action: "release" | "rollback";
  /** Asked when it is needed. */
  readonly reason: () => string;
  /** Whether this command has moved the handler's alias: then the reconciler's moves too, even after Ctrl-C. */
  readonly hasMovedHandler: () => boolean;
}

/** What comes before the handler's alias moves, and what comes directly after. */
export interface ReconcilerMoveChecks {
  readonly version: Check;
  readonly smoke: Check;
  readonly move: Check;
}

/** The reconciler goes where the handler goes: looked up and invoked before anything moves, and moved right after it. */
export const moveReconciler = (context: Context, move: ReconcilerMove): ReconcilerMoveChecks => {
  const { place, target, action } = move;
  const { functionName } = context.names.reconciler;
  const reconciler = ofReconciler(context);
  const whyNot = async (): Promise<string | undefined> =>
    (await place()).kind === "elsewhere" ? undefined : "the reconciler stays where it is";
  return {
    version: {
      title: "Reconciler's version",
      run: async () => {
        const found = await place();
        switch (found.kind) {
          case "absent":
            return skip(`there is no ${functionName} yet: the next deployment makes it`);
          case "older-code": {
            const { number, codeSha256 } = await target();
            return action === "rollback"
              ? pass(
                  `version ${number} of the handler is from before the reconciler: that stays at version ${found.alias.version}`,
                )
              : fail(
                  `no version of ${functionName} has CodeSha256 ${codeSha256}; deploy again`,
                  "a version with the handler's code",
                );
          }
          case "there":
            return pass(`version ${found.alias.version}, live already`);
          case "elsewhere": {
            const { number } = found.target;
            const { state, reason: why } = await readReadiness(reconciler, number);
            return judge(
              state === "Active",
              `version ${number} in state ${state}${why === undefined ? "" : ` (${why})`}`,
              "a version in state Active",
            );
          }
        }
      },
    },
    smoke: {
      title: "Reconciler's smoke invocation by number",
      skip: whyNot,
      run: async () => {
        const found = await place();
        if (found.kind !== "elsewhere") return skip("nothing to invoke");
        const { number } = found.target;
        const { isReady, description } = await checkReconciler(reconciler, number);
        return judge(isReady, `version ${number}: ${description}`, "ready");
      },
    },
    move: {
      title: "Reconciler's alias moved",
      skip: whyNot,
      finishes: move.hasMovedHandler,
      preview: async () => {
        const found = await place();
        return found.kind === "elsewhere"
          ? `move that of ${functionName} from ${describeTraffic(found.alias)} to ${found.target.number}`
          : "move nothing";
      },
      run: async () => {
        const found = await place();
        if (found.kind !== "elsewhere") return skip("nothing to move");
        await moveAway(context, move, found);
        const { alias, target: version } = found;
        return pass(
          `that of ${functionName} is at version ${version.number}, was ${isWhole(alias) ? alias.version : describeTraffic(alias)}`,
        );
      },
    },
  };
};

type Elsewhere = Extract<ReconcilerPlace, { kind: "elsewhere" }>;

const moveAway = async (
  context: Context,
  { action, reason, target: handler }: ReconcilerMove,
  { alias, target }: Elsewhere,
): Promise<void> => {
  const { names, clock, audit, identity } = context;
  const { functionName } = names.reconciler;
  const description = describeRecord({
    action,
    version: target.number,
    at: clock.now(),
    before: alias.version,
    origin: undefined,
    deadLetters: undefined,
    by: shortIdentity((await identity()).arn),
    reason: reason(),
  });
  try {
    await moveAlias(ofReconciler(context), { alias, version: target.number, description });
  } catch (error) {
    if (isAborted(error)) throw error;
    throw halfMoved(context, action, (await handler()).number, alias.version, error);
  }
  audit({
    message: `Alias ${names.aliasName} of ${functionName} moved`,
    action,
    from: alias.version,
    to: target.number,
    codeSha256: target.codeSha256,
    reason: reason(),
    by: (await identity()).arn,
  });
};

/** The same command finishes it: it finds the handler's alias where it belongs, and the reconciler's not. */
const halfMoved = (
  { names, environment: { environment } }: Context,
  action: ReconcilerMove["action"],
  handlersVersion: string,
  reconcilersVersion: string,
  error: unknown,
): ObstacleError => {
  const explanation =
    explainAwsError(error) ?? (error instanceof ObstacleError ? { message: error.message } : undefined);
  const why = explanation === undefined ? String(error) : describeExplanation(explanation);
  return new ObstacleError(
    `${names.aliasName} of ${names.functionName} is at version ${handlersVersion}, that of ${names.reconciler.functionName} still at ${reconcilersVersion}: ${why}`,
    {
      hint: "Events are processed. Run the command again, which leaves the handler where it is",
      next: `npm run ops -- ${action} ${environment} --reason "..."`,
      cause: error,
    },
  );
};
