import { ObstacleError } from "../../checklist/errors.ts";
import { lazy } from "../../checklist/lazy.ts";
import { MINUTE_MS } from "../../checklist/durations.ts";
import { type Alias, listAliases } from "../aws/lambda/alias.ts";
import { isWhole, newestInTraffic } from "../aws/lambda/alias-traffic.ts";
import { recordOf } from "../aws/lambda/live-period.ts";
import { readReleaseHistory } from "../aws/lambda/release-history.ts";
import { describeLastMove, parseRecord } from "../aws/lambda/release-record.ts";
import { readReadiness, type Version } from "../aws/lambda/version.ts";
import { shortIdentity } from "../aws/short-identity.ts";
import type { Context } from "../context.ts";
import { isOver, requireNotOver } from "../takeover/old-version-over.ts";
import { findReconcilerPlace } from "./reconciler-place.ts";

export interface RollbackTargetOptions {
  readonly live: () => Promise<Alias>;
  /** The version's number; undefined for the previously released one. */
  readonly to: string | undefined;
  /** Its code may be live already, with only its infrastructure still to be restored. */
  readonly mayBeLive: boolean;
}

/** The version that a rollback returns to. @throws {ObstacleError} when there is none, or it would change nothing. */
export const findRollbackTarget = (
  context: Context,
  { live, to, mayBeLive }: RollbackTargetOptions,
): (() => Promise<Version>) =>
  lazy(async () => {
    const alias = await live();
    const { version } = await readReadiness(context, alias.version);
    const mayStay = !isWhole(alias) || (await isHalfDone(context, alias, version));
    if (to !== undefined)
      return to === version.number && (mayBeLive || mayStay) ? version : findRequested(context, alias, to);
    if (isWhole(alias) && mayStay) return version;
    await requireNotJustRolledBack(context, alias);
    const before = versionBeforeHand(alias);
    return before === undefined
      ? findLastReleased(context, alias, version)
      : requireNotOver(context, (await readReadiness(context, before)).version);
  });

/**
 * Two operators see the same trouble, or one does not know whether a command that was killed had done its work: the second command would go
 * one version further back than anybody wants.
 * @throws {ObstacleError} when somebody has just rolled back, saying who and when.
 */
const requireNotJustRolledBack = async (
  { clock, identity, environment }: Context,
  alias: Alias,
): Promise<void> => {
  const record = recordOf(alias);
  if (record?.action !== "rollback" || !isWhole(alias)) return;
  if (clock.now().getTime() - record.at.getTime() >= JUST_MS) return;
  const isOwn = record.by === shortIdentity((await identity()).arn);
  throw new ObstacleError(
    `${isOwn ? "it was rolled back a moment ago" : "someone else is at work"} (${describeLastMove(alias) ?? record.version}); nothing was changed`,
    {
      hint: "See whether that helps. To go further back, name the version",
      next: `npm run ops -- rollback ${environment.environment} --to N --reason "..."`,
    },
  );
};

/** Until a rollback shows in the alarms. */
const JUST_MS = 10 * MINUTE_MS;

/**
 * What to return to when somebody has changed the alias by hand: the version that the last release or rollback made live, unless it is
 * the one that a rollback has to leave, which is the newest that has traffic. Undefined when the history has to tell.
 */
const versionBeforeHand = (alias: Alias): string | undefined => {
  const suspect = newestInTraffic(alias);
  const isOlder = (version: string): boolean => !/^\d+$/.test(suspect) || Number(version) < Number(suspect);
  const recorded = parseRecord(alias.description)?.version;
  if (recorded !== undefined && isOlder(recorded)) return recorded;
  return alias.shares.length > 0 && isOlder(alias.version) ? alias.version : undefined;
};

/** A rollback has moved the handler, and the reconciler not: to go further back now would leave both behind. */
const isHalfDone = async (context: Context, live: Alias, { codeSha256 }: Version): Promise<boolean> => {
  if (recordOf(live)?.action !== "rollback") return false;
  const place = await findReconcilerPlace(context, () => Promise.resolve(codeSha256))();
  return place.kind === "elsewhere" && !place.isSameCode;
};

const findRequested = async (context: Context, alias: Alias, number: string): Promise<Version> => {
  const version = await requireNotOver(context, (await readReadiness(context, number)).version);
  // Any one version is something else than several, or one that changes.
  if (!isWhole(alias)) return version;
  const { version: live } = await readReadiness(context, alias.version);
  const { environment } = context;
  if (version.number === live.number)
    throw new ObstacleError(`version ${number} is live already`, {
      hint: "Name another version",
      next: `npm run ops -- status ${environment.environment}`,
    });
  if (version.codeSha256 === live.codeSha256)
    throw new ObstacleError(
      `version ${number} has the same code as the live version ${live.number} (CodeSha256 ${live.codeSha256}): it would change nothing`,
      { hint: "Name a version with other code", next: `npm run ops -- status ${environment.environment}` },
    );
  return version;
};

const findLastReleased = async (context: Context, alias: Alias, live: Version): Promise<Version> => {
  const { released } = readReleaseHistory(await listAliases(context), context.names);
  let over: Version | undefined;
  for (const number of released) {
    if (number === newestInTraffic(alias)) continue;
    const { version } = await readReadiness(context, number);
    if (version.codeSha256 === live.codeSha256 && isWhole(alias)) continue;
    if (!(await isOver(context, version))) return version;
    over ??= version;
  }
  if (over !== undefined) return requireNotOver(context, over);
  throw new ObstacleError(
    `no backup alias names an earlier release with other code than version ${live.number}`,
    {
      hint: "Name a version by --to. List the versions",
      next: `npm run ops -- status ${context.environment.environment}`,
    },
  );
};
