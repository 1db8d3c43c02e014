import { asRecord, asText, blocks } from "./json.ts";
import type { PolicyDocument } from "./policy-document.ts";

/**
 * Says what a role's trust policy allows besides what it must allow, and what of that it does not. The `sub` claims may be of
 * either form of GitHub's: repositories created after 15 July 2026 have ids in them, `repo:OWNER@1/NAME@2:…`.
 */
export const findTrustDifferences = (found: unknown, expected: PolicyDocument): readonly string[] =>
  differencesOf(grantsIn(found), grantsIn(expected));

/** The same of what a role may do, which any number of policies may say together. */
export const findPolicyDifferences = (
  found: readonly unknown[],
  expected: readonly PolicyDocument[],
): readonly string[] => differencesOf(found.flatMap(grantsIn), expected.flatMap(grantsIn));

/** The same, of what is missing alone. */
export const findMissingGrants = (
  found: readonly unknown[],
  expected: readonly PolicyDocument[],
): readonly string[] => missingIn(found.flatMap(grantsIn), expected.flatMap(grantsIn));

const differencesOf = (found: readonly string[], expected: readonly string[]): readonly string[] => [
  ...[...new Set(found)]
    .filter((grant) => !expected.includes(grant))
    .map((grant) => `it also says: ${grant}`),
  ...missingIn(found, expected),
];

const missingIn = (found: readonly string[], expected: readonly string[]): readonly string[] =>
  [...new Set(expected)]
    .filter((grant) => !found.includes(grant))
    .map((grant) => `it does not say: ${grant}`);

/**
 * What a policy says, one thing at a time, in one spelling: a statement of two actions on two resources says four things, whichever
 * way it is written.
 */
const grantsIn = (document: unknown): readonly string[] =>
  blocks(asRecord(document)["Statement"]).flatMap((statement) => {
    const { Effect, Condition } = statement;
    let grants = [asText(Effect)?.toLowerCase() ?? "?"];
    for (const element of ["Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource"]) {
      const values = valuesOf(statement[element]);
      if (values.length > 0)
        grants = grants.flatMap((grant) =>
          values.map((value) => `${grant} ${LABELS[element] ?? element} ${value}`),
        );
    }
    for (const { operator, key, values } of clausesOf(Condition))
      grants = grants.flatMap((grant) =>
        values.map((value) => `${grant} if ${key} ${exactOperator(operator, value)} ${withoutIds(value)}`),
      );
    return grants;
  });

const clausesOf = (condition: unknown) =>
  Object.entries(asRecord(condition))
    .flatMap(([operator, keys]) =>
      Object.entries(asRecord(keys)).map(([key, listed]) => ({
        operator,
        key: key.toLowerCase(),
        values: valuesOf(listed),
      })),
    )
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));

const LABELS: Readonly<Record<string, string>> = { Principal: "to", Action: "the action", Resource: "on" };

/** A text, a list of texts, or texts by their kind: `{ "Service": "lambda.amazonaws.com" }`. */
const valuesOf = (value: unknown): readonly string[] => {
  if (value === undefined) return [];
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return Object.entries(value).flatMap(([kind, named]) => valuesOf(named).map((name) => `${kind} ${name}`));
  return [value].flat().map(String);
};

/** Without a wildcard in the value, alike is equal. */
const exactOperator = (operator: string, value: string): string =>
  operator === "StringLike" && !/[*?]/.test(value) ? "StringEquals" : operator;

const withoutIds = (value: string): string =>
  value.replace(/^repo:([^/@]+)@\d+\/([^:@]+)@\d+:/, "repo:$1/$2:");
