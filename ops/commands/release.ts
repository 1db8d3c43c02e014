import { fail, judge, pass } from "../../checklist/check.ts";
import type { Stage } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { type Baseline, startBaseline, whatWasBefore } from "../checks/baseline.ts";
import { describeLive } from "../checks/live-version.ts";
import { moveLiveAlias } from "../checks/move-alias.ts";
import { moveReconciler } from "../checks/move-reconciler.ts";
import { pruneAliases } from "../checks/prune-aliases.ts";
import { findReconcilerPlace } from "../checks/reconciler-place.ts";
import { recordRelease } from "../checks/record-release.ts";
import { smokeInvocation } from "../checks/smoke-invocation.ts";
import { declareEnvironmentCommand, DRY_RUN } from "../command.ts";
import type { Context } from "../context.ts";
import { ObstacleError } from "../../checklist/errors.ts";
import { type Alias, listAliases, readLiveAlias } from "../aws/lambda/alias.ts";
import { isWhole } from "../aws/lambda/alias-traffic.ts";
import { recordOf } from "../aws/lambda/live-period.ts";
import type { Origin } from "../aws/lambda/release-record.ts";
import { readReleaseHistory } from "../aws/lambda/release-history.ts";
import { listVersions, readReadiness } from "../aws/lambda/version.ts";
import { lazy } from "../../checklist/lazy.ts";
import { parseReason } from "./option-parsers.ts";

export const release = declareEnvironmentCommand({
  name: "release",
  summary: "route traffic to the newest version",
  description:
    "Invokes the newest published version by its number, keeps the live version as the alias backup-<UTC time>, " +
    "and moves the live alias. Stops if someone else has moved the alias meanwhile. The alias's description " +
    "records when and why.\n\n" +
    "The scheduled reconciler is a second function of the same zip: its version with the same code is invoked before " +
    "anything moves, and its alias moves directly after the handler's.\n\n" +
    "Only the last ten backups are kept; a version in use is never removed. If the newest version is live " +
    "already, nothing changes. A version that was rolled back is refused.",
  examples: [
    "release dev --dry-run",
    'release prod --reason "faster start"',
    'release dev --again --reason "it was the table, not the code"',
  ],
  options: (command) =>
    command
      .option(
        "--reason <text>",
        "why; recorded in the alias's description and the audit line",
        parseReason,
        "release",
      )
      .option("--again", "release the newest version although it was rolled back")
      .option("--dry-run", DRY_RUN),
  plan: (context, options) => ({
    runs: "until-failure",
    checks: [rightAccount(context), releaseStage(context, { ...options, baseline: startBaseline(context) })],
  }),
});

export interface ReleaseOptions {
  readonly reason: string;
  /** A version that was rolled back may be released, too. */
  readonly again?: true | undefined;
  /** What the newest version must be; without it any will do, and what the aliases tell of it holds. */
  readonly shipment?: () => Promise<Shipment>;
  readonly baseline: () => Promise<Baseline>;
  /** Hears when the newest version has gone live. */
  readonly onMoved?: (at: Date, version: string) => void;
}

/** What has just been deployed. */
export interface Shipment {
  readonly origin: Origin;
  /** Undefined when nobody said. */
  readonly codeSha256: string | undefined;
}

/** Everything but the check of the account. */
export const releaseStage = (
  context: Context,
  { reason, again, shipment, baseline, onMoved = () => undefined }: ReleaseOptions,
): Stage => {
  const { names, environment } = context;
  const live = lazy(() => readLiveAlias(context));
  const newest = lazy(async () => {
    const [version] = await listVersions(context);
    if (version === undefined)
      throw new ObstacleError(`${names.functionName} has no published version`, {
        hint: "Deploy it first",
        next: `npm run ops -- deploy ${environment.environment}`,
      });
    return version;
  });
  const origin = async (): Promise<Origin | undefined> => (await shipment?.())?.origin;
  let hasMoved = false;
  const reconciler = moveReconciler(context, {
    place: findReconcilerPlace(context, async () => (await newest()).codeSha256),
    target: newest,
    action: "release",
    reason: () => reason,
    hasMovedHandler: () => hasMoved,
  });
  const isLiveAlready = async (): Promise<boolean> =>
    (await newest()).number === (await live()).version && isWhole(await live());

  const whenNew = (checks: Stage["checks"]): Stage => ({
    runs: "until-failure",
    skip: async () => ((await isLiveAlready()) ? "nothing to release" : undefined),
    checks,
  });

  return {
    runs: "until-failure",
    checks: [
      {
        title: "Live version",
        run: async () => describeLive(context, await live()),
      },
      {
        title: "Newest version",
        run: async () => {
          const { number, codeSha256: found } = await newest();
          const codeSha256 = (await shipment?.())?.codeSha256;
          if (codeSha256 !== undefined && found !== codeSha256)
            return fail(
              `version ${number} with CodeSha256 ${found}`,
              `the code that was to be shipped, CodeSha256 ${codeSha256}`,
            );
          if (await isLiveAlready()) return pass(`version ${number}, live already`);
          const aliases = await listAliases(context);
          const rollback = readReleaseHistory(aliases, names).rollbackOf(number);
          if (rollback !== undefined && again !== true)
            return fail(
              `version ${number}, rolled back (${describeRollback(rollback, aliases)}); deploy a better one, or release it --again`,
              "a version that was not rolled back",
            );
          const { state, reason: why } = await readReadiness(context, number);
          return judge(
            state === "Active",
            `version ${number} in state ${state}${why === undefined ? "" : ` (${why})`}`,
            "a version in state Active",
          );
        },
      },
      reconciler.version,
      whenNew([whatWasBefore(baseline), smokeInvocation(context, async () => (await newest()).number)]),
      reconciler.smoke,
      whenNew(
        moveLiveAlias(context, {
          live,
          target: newest,
          reason: () => reason,
          action: "release",
          rememberAs: names.backupAliasPrefix,
          origin,
          deadLetters: async () => (await baseline()).deadLetters,
          onMoved: (at, version) => {
            hasMoved = true;
            onMoved(at, version);
          },
        }),
      ),
      // Directly after: until then the two are of different releases.
      reconciler.move,
      whenNew([pruneAliases(context, "backups")]),
      recordRelease(context, { live, target: newest, reason, origin }),
    ],
  };
};

/** Why a version was left, by the record of what came in its place; else what its checkpoint says. */
const describeRollback = (checkpoint: Alias, aliases: readonly Alias[]): string => {
  const record = aliases
    .map(recordOf)
    .find((one) => one?.action === "rollback" && one.before === checkpoint.version);
  return record === undefined ? checkpoint.description : `${record.at.toISOString()}: ${record.reason}`;
};
