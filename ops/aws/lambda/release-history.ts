import type { ResourceNames } from "../../../envs/resource-names.ts";
import type { Alias } from "./alias.ts";

/** What the backup and checkpoint aliases tell of the past. Pure. */
export interface ReleaseHistory {
  /** What was live before each release, the latest first. */
  readonly backups: readonly Alias[];
  /** What each rollback went away from, the latest first. */
  readonly checkpoints: readonly Alias[];
  /** Versions that were released and not rolled back from since, the one that was live last first. */
  readonly released: readonly string[];
  /** The checkpoint of the rollback away from a version, unless the version was released again since. */
  rollbackOf(version: string): Alias | undefined;
}

export const CHECKPOINT_ALIAS_PREFIX = "checkpoint-";

export const readReleaseHistory = (
  aliases: readonly Alias[],
  { backupAliasPrefix }: Pick<ResourceNames, "backupAliasPrefix">,
): ReleaseHistory => {
  const latestFirst = (prefix: string): Alias[] =>
    aliases
      .filter(({ name }) => name.startsWith(prefix) && STAMP.test(name.slice(prefix.length)))
      .sort((one, other) => (one.name < other.name ? 1 : -1));
  const backups = latestFirst(backupAliasPrefix);
  const checkpoints = latestFirst(CHECKPOINT_ALIAS_PREFIX);

  const rollbackOf = (version: string): Alias | undefined => {
    const checkpoint = checkpoints.find((alias) => alias.version === version);
    if (checkpoint === undefined) return undefined;
    const backup = backups.find((alias) => alias.version === version);
    const isReleasedSince =
      backup !== undefined &&
      backup.name.slice(backupAliasPrefix.length) > checkpoint.name.slice(CHECKPOINT_ALIAS_PREFIX.length);
    return isReleasedSince ? undefined : checkpoint;
  };

  return {
    backups,
    checkpoints,
    released: [...new Set(backups.map(({ version }) => version))].filter(
      // An alias for $LATEST is no way back: each deployment changes it.
      (version) => /^\d+$/.test(version) && rollbackOf(version) === undefined,
    ),
    rollbackOf,
  };
};

/** `20260303T210000Z`: the later, the greater as a text. */
export const stampOf = (time: Date): string => time.toISOString().replaceAll(/[-:]|\.\d+/g, "");

const STAMP = /^\d{8}T\d{6}Z$/;

/** The aliases to be removed: all but the latest ten, and none of a version in use. */
export const findOutdated = (latestFirst: readonly Alias[], live: Alias): readonly Alias[] =>
  latestFirst
    .slice(KEPT)
    .filter(
      ({ version }) => version !== live.version && live.shares.every((share) => share.version !== version),
    );

const KEPT = 10;
