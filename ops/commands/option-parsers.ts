import { InvalidArgumentError } from "@commander-js/extra-typings";
import { visibleText } from "../../checklist/visible.ts";
import { KEPT_DAYS } from "../aws/cloudwatch/read-metric.ts";
import { HOUR_MS, MINUTE_MS } from "../../checklist/durations.ts";

/** A reason that says something, on one line: it is kept with the alias and read again by other people's terminals. */
export const parseReason = (text: string): string => {
  if (visibleText(text) !== text)
    throw new InvalidArgumentError("Say why on one line, without control characters.");
  if (text.trim() === "") throw new InvalidArgumentError("Say why, in a few words.");
  return text.trim().replaceAll(/\s+/g, " ");
};

/** `--id A B`, for commander, which calls it once for each. */
export const addMessageId = (messageId: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  messageId,
];

export const parseTenantId = (text: string): string => {
  if (text.trim() === "") throw new InvalidArgumentError("It must be a tenant's id.");
  return text;
};

/** A version's number, as Lambda counts them. */
export const parseVersion = (text: string): string => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("A version is a number such as 7.");
  return text;
};

/** A number of events, 0 included. */
export const parseCount = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number, 0 or more.");
  return Number(text);
};

/** A number of things, at least one. */
export const parsePositive = (text: string): number => {
  if (!/^0*[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It must be a whole number, 1 or more.");
  return Number(text);
};

/** Minutes, perhaps with a fraction, at most a day. */
export const parseMinutes = (text: string): number => {
  const minutes = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (minutes <= 0 || minutes > 24 * 60)
    throw new InvalidArgumentError("It must be a number of minutes, more than 0 and at most 1440.");
  return minutes;
};

/** `90m`, `24h`, `7d`: milliseconds. */
export const parseDuration = (text: string): number => {
  const [, count, unit] = /^(\d{1,4})(m|h|d)$/.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS.get(unit ?? "") ?? 0);
  if (!(milliseconds > 0)) throw new InvalidArgumentError("It must be a duration such as 90m, 24h or 7d.");
  return milliseconds;
};

/** The same, within what CloudWatch keeps: what is older is gone, and no datapoint is no proof. */
export const parseLookback = (text: string): number => {
  const milliseconds = parseDuration(text);
  if (milliseconds > KEPT_DAYS * 24 * HOUR_MS)
    throw new InvalidArgumentError(
      `CloudWatch keeps its metrics for ${KEPT_DAYS} days: at most ${KEPT_DAYS}d.`,
    );
  return milliseconds;
};

const UNITS = new Map([
  ["m", MINUTE_MS],
  ["h", HOUR_MS],
  ["d", 24 * HOUR_MS],
]);
