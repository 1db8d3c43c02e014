import type { ResourceNames } from "../../../envs/resource-names.ts";
import type { Alias } from "./alias.ts";
import { type Origin, parseRecord, type ReleaseRecord } from "./release-record.ts";
import { CHECKPOINT_ALIAS_PREFIX, readReleaseHistory } from "./release-history.ts";

/** The last time that a version was live. Pure, like all here. */
export interface LivePeriod {
  /** Undefined when no alias tells. */
  readonly since: Date | undefined;
  /** Undefined for the version that is live. */
  readonly until: Date | undefined;
  /** What was written down when it went live; undefined when nothing was. */
  readonly record: ReleaseRecord | undefined;
}

type Prefixes = Pick<ResourceNames, "backupAliasPrefix">;

/** @returns undefined for a version that was never live, as far as the aliases tell. */
export const findLivePeriod = (
  version: string,
  live: Alias,
  aliases: readonly Alias[],
  names: Prefixes,
): LivePeriod | undefined => {
  const moves = readMoves(aliases, names);
  if (live.version === version) {
    const record = recordOf(live);
    return { since: record?.at ?? moves[0]?.at, until: undefined, record };
  }
  const index = moves.findIndex(({ left }) => left.version === version);
  const last = moves[index];
  if (last === undefined) return undefined;
  const record = recordOf(last.left);
  return { since: record?.at ?? moves[index + 1]?.at, until: last.at, record };
};

/** Where a version's code comes from, by the last alias that tells; undefined when none does. */
export const findOrigin = (
  version: string,
  live: Alias,
  aliases: readonly Alias[],
  names: Prefixes,
): Origin | undefined =>
  [live, ...readMoves(aliases, names).map(({ left }) => left)]
    .filter((alias) => alias.version === version)
    .map((alias) => recordOf(alias)?.origin)
    .find((origin) => origin !== undefined);

/** An alias that was moved by hand keeps a description that is of another version. */
export const recordOf = ({ version, description }: Alias): ReleaseRecord | undefined => {
  const record = parseRecord(description);
  return record?.version === version ? record : undefined;
};

/** When the live alias was moved, and what it left behind. */
interface Departure {
  readonly at: Date;
  readonly left: Alias;
}

/** The latest first. */
const readMoves = (aliases: readonly Alias[], names: Prefixes): readonly Departure[] => {
  const { backups, checkpoints } = readReleaseHistory(aliases, names);
  return [
    ...backups.map((left) => ({ at: timeOf(left.name.slice(names.backupAliasPrefix.length)), left })),
    ...checkpoints.map((left) => ({ at: timeOf(left.name.slice(CHECKPOINT_ALIAS_PREFIX.length)), left })),
  ].sort((one, other) => other.at.getTime() - one.at.getTime());
};

/** `20260303T210000Z` */
const timeOf = (stamp: string): Date =>
  new Date(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
