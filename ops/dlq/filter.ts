import type { RetryableLetter } from "./dead-letter.ts";

/** Which events are meant; all conditions hold. */
export interface LetterFilter {
  readonly event?: string;
  readonly tenant?: string;
}

const KEYS = ["event", "tenant"] as const;

/** Adds a condition, `event=NAME` or `tenant=ID`, to a filter. A text says what is wrong with it. */
export const parseFilter = (condition: string, before: LetterFilter): LetterFilter | string => {
  const separator = condition.indexOf("=");
  const key = KEYS.find((known) => known === condition.slice(0, separator));
  const value = condition.slice(separator + 1).trim();
  if (separator === -1 || key === undefined || value === "") return "It must be event=NAME or tenant=ID.";
  if (before[key] !== undefined) return `There may be one ${key}= only.`;
  return { ...before, [key]: value };
};

/**
 * * `event`: the canonical name or the one that ECS sent, in any case.
 * * `tenant`: the tenant id of the event's own tags; for an event without tags, as ECS sends them, an id that is a
 *   whole part of the service's name: `acme` of `tenant-acme-wordpress`, but not of `tenant-acme2-wordpress`.
 */
export const matches = (letter: RetryableLetter, { event, tenant }: LetterFilter): boolean =>
  (event === undefined || isNamed(letter, event.toUpperCase())) &&
  (tenant === undefined || isOf(letter, tenant));

const isNamed = ({ event, eventName }: RetryableLetter, name: string): boolean =>
  event.toUpperCase() === name || eventName.toUpperCase() === name;

const isOf = ({ tenantId, serviceArn }: RetryableLetter, tenant: string): boolean => {
  if (tenantId !== undefined) return tenantId === tenant;
  const service = serviceArn?.split("/").at(-1) ?? "";
  return `-${service}-`.replaceAll("_", "-").includes(`-${tenant.replaceAll("_", "-")}-`);
};
