import type { DeadLetter, RetryableLetter } from "./dead-letter.ts";

/** Which messages are meant; all conditions hold. */
export type LetterFilter = readonly LetterCondition[];

export interface LetterCondition {
  readonly key: (typeof KEYS)[number];
  readonly negated: boolean;
  readonly value: string;
}

const KEYS = ["event", "tenant", "kind", "cause"] as const;

const FORMS = "event=NAME, event!=NAME, tenant=ID, tenant!=ID, kind=poison, kind=retryable or cause=TEXT";

/** Adds a condition, such as `event=NAME` or `tenant!=ID`, to a filter. A text says what is wrong with it. */
export const parseFilter = (condition: string, before: LetterFilter): LetterFilter | string => {
  const [, name, operator, rest = ""] = /^(\w+)(!?=)(.*)$/s.exec(condition) ?? [];
  const key = KEYS.find((known) => known === name);
  const value = rest.trim();
  const negated = operator === "!=";
  if (key === undefined || value === "") return `It must be ${FORMS}.`;
  if (key === "kind" && (negated || (value !== "poison" && value !== "retryable")))
    return "It must be kind=poison or kind=retryable.";
  if (!negated && before.some((other) => other.key === key && !other.negated))
    return `There may be one ${key}= only.`;
  return [...before, { key, negated, value }];
};

/**
 * * `event`: the canonical name or the one that ECS sent, in any case.
 * * `tenant`: the tenant id of the event's own tags; for an event without tags, as ECS sends them, an id that is a
 *   whole part of the service's name: `acme` of `tenant-acme-wordpress`, but not of `tenant-acme2-wordpress`.
 * * `kind`: poison, or what can be sent again.
 * * `cause`: a part of why it was parked, or of what is wrong with it, in any case.
 *
 * Poison says neither event nor tenant: a filter that asks for one of them, or for any other than one, does not match it.
 */
export const matches = (letter: DeadLetter, filter: LetterFilter): boolean =>
  filter.every((condition) => meets(letter, condition));

/** Whether a letter has what the condition names, be that asked for or not. */
export const isNamedBy = (letter: DeadLetter, condition: LetterCondition): boolean =>
  meets(letter, { ...condition, negated: false });

const meets = (letter: DeadLetter, { key, negated, value }: LetterCondition): boolean => {
  switch (key) {
    case "kind":
      return letter.kind === value;
    case "cause":
      return isCausedBy(letter, value.toLowerCase()) !== negated;
    case "event":
      return letter.kind === "retryable" && isNamed(letter, value.toUpperCase()) !== negated;
    case "tenant":
      return letter.kind === "retryable" && isOf(letter, value) !== negated;
  }
};

const isCausedBy = (letter: DeadLetter, text: string): boolean =>
  [letter.cause, ...(letter.kind === "poison" ? letter.violations : [])].some((one) =>
    one.toLowerCase().includes(text),
  );

const isNamed = ({ event, eventName }: RetryableLetter, name: string): boolean =>
  event.toUpperCase() === name || eventName.toUpperCase() === name;

/** Whether the event is of this tenant, as far as it tells itself. */
export const isOf = (
  { tenantId, serviceArn }: Pick<RetryableLetter, "tenantId" | "serviceArn">,
  tenant: string,
): boolean => {
  if (tenantId !== undefined) return tenantId === tenant;
  const service = serviceArn?.split("/").at(-1) ?? "";
  return `-${service}-`.replaceAll("_", "-").includes(`-${tenant.replaceAll("_", "-")}-`);
};
