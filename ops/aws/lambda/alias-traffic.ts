import type { Alias } from "./alias.ts";

/** What decides where an alias's invocations go. */
export type Traffic = Pick<Alias, "version" | "shares">;

/** True where all invocations go to one published version, as each release and each rollback leaves it. Pure, like all here. */
export const isWhole = ({ version, shares }: Traffic): boolean =>
  /^\d+$/.test(version) && shares.length === 0;

/** `version 7`; or what somebody has set by hand: `90 % to version 7, 10 % to version 8` */
export const describeTraffic = ({ version, shares }: Traffic): string => {
  if (!/^\d+$/.test(version)) return `${version}, which is no version: each deployment changes it`;
  if (shares.length === 0) return `version ${version}`;
  const rest = shares.reduce((sum, { percent }) => sum - percent, 100);
  return [{ version, percent: rest }, ...shares]
    .map((share) => `${share.percent} % to version ${share.version}`)
    .join(", ");
};

/** The newest version that has traffic: what a rollback leaves. `$LATEST` is newer than any. */
export const newestInTraffic = ({ version, shares }: Traffic): string =>
  /^\d+$/.test(version)
    ? String(Math.max(Number(version), ...shares.map((share) => Number(share.version))))
    : version;

/** The published version that traffic leaves when all of it goes to another; undefined when none does. */
export const versionLeft = ({ version, shares }: Traffic, target: string): string | undefined => {
  if (version !== target) return /^\d+$/.test(version) ? version : undefined;
  return shares.length === 0 ? undefined : newestInTraffic({ version: "0", shares });
};
