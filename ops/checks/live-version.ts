import { type Finding, pass } from "../../checklist/check.ts";
import type { Alias } from "../aws/lambda/alias.ts";
import { describeTraffic, isWhole } from "../aws/lambda/alias-traffic.ts";
import { parseRecord } from "../aws/lambda/release-record.ts";
import type { Context } from "../context.ts";

/** Where the live alias stands; what somebody has set by hand is told, not judged. */
export const describeLive = ({ names }: Pick<Context, "names">, alias: Alias): Finding =>
  pass([`${names.aliasName} is at ${describeTraffic(alias)}`, ...describeHand(alias)].join("; "));

/** What tells that somebody has changed the alias by hand, if anything does. */
export const describeHand = (alias: Alias): readonly string[] => {
  const record = parseRecord(alias.description);
  const isMoved = record !== undefined && record.version !== alias.version;
  if (isWhole(alias) && !isMoved) return [];
  return [
    `set by hand${record === undefined ? "" : `, after the ${record.action} of version ${record.version} at ${record.at.toISOString()}`}`,
  ];
};
