import { isObject } from "../../checklist/is-object.ts";

/**
 * Whether an event matches a pattern, by EventBridge's rules as far as the patterns here use them: values, `prefix`, `$or`.
 * Throws at whatever else, so that no test passes by a misunderstanding.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export const matches = (pattern: unknown, event: unknown): boolean => {
  if (!isObject(pattern)) throw new Error(`Not a pattern: ${JSON.stringify(pattern)}`);
  return Object.entries(pattern).every(([name, expected]) => {
    if (name === "$or") {
      if (!Array.isArray(expected) || expected.length < 2) throw new Error("$or needs at least two patterns");
      return expected.some((alternative) => matches(alternative, event));
    }
    const value = isObject(event) ? event[name] : undefined;
    return Array.isArray(expected)
      ? expected.some((matcher) => matchesValue(matcher, value))
      : isObject(value) && matches(expected, value);
  });
};

/** Of an array in an event, one element is enough. */
const matchesValue = (matcher: unknown, value: unknown): boolean =>
  Array.isArray(value)
    ? value.some((element) => matchesScalar(matcher, element))
    : matchesScalar(matcher, value);

const matchesScalar = (matcher: unknown, value: unknown): boolean => {
  if (typeof matcher === "string") return matcher === value;
  if (isObject(matcher) && Object.keys(matcher).length === 1 && typeof matcher["prefix"] === "string")
    return typeof value === "string" && value.startsWith(matcher["prefix"]);
  throw new Error(`Not a matcher known here: ${JSON.stringify(matcher)}`);
};
