import type { Environment } from "../envs/environment.ts";
import { asRecord, asText, blocks, type Json } from "./json.ts";
import { githubProviderArn } from "./workflow-roles.ts";

/**
 * Whom a trust policy lets in besides the jobs of this environment's repository, in words. Which of its jobs does not matter here:
 * any branch is still this repository.
 * @param document of a role that exists, as somebody else may have written it.
 */
export const findOtherPrincipals = (document: unknown, environment: Environment): readonly string[] => [
  ...new Set(
    blocks(asRecord(document)["Statement"])
      .filter((statement) => asText(statement["Effect"]) !== "Deny")
      .flatMap((statement) => othersIn(statement, environment)),
  ),
];

const othersIn = ({ Principal, Condition }: Json, environment: Environment): readonly string[] => {
  const principals = principalsIn(Principal);
  const others = principals.filter(
    (principal) => principal !== `Federated ${githubProviderArn(environment)}`,
  );
  if (principals.length === 0) return ["principals that it does not name"];
  if (others.length > 0) return others;
  const subjects = subjectsIn(Condition);
  if (subjects.length === 0) return ["everybody at GitHub"];
  return subjects.filter((subject) => !isOf(environment.repository, subject));
};

const principalsIn = (principal: unknown): readonly string[] =>
  typeof principal === "string"
    ? [principal]
    : Object.entries(asRecord(principal)).flatMap(([kind, names]) =>
        [names].flat().map((name) => `${kind} ${String(name)}`),
      );

/** Operators that let in nobody but what they name. With `IfExists` or `ForAllValues` a token without the claim passes too. */
const LIMITING = /^(ForAnyValue:)?String(Equals|EqualsIgnoreCase|Like)$/i;

/** The clauses of a condition must all hold: any that limits the subject is enough, and the first is taken. */
const subjectsIn = (condition: unknown): readonly string[] =>
  Object.entries(asRecord(condition))
    .filter(([operator]) => LIMITING.test(operator))
    .flatMap(([, keys]) => Object.entries(asRecord(keys)))
    .filter(([key]) => key.toLowerCase().endsWith(":sub"))
    .slice(0, 1)
    .flatMap(([, values]) => [values].flat().map(String));

/** `repo:OWNER/NAME:…`, and with ids `repo:OWNER@1/NAME@2:…`; a wildcard before the second colon reaches other repositories. */
const isOf = (repository: string, subject: string): boolean => {
  const named = /^repo:([^/@:]+)(?:@\d+)?\/([^/@:]+)(?:@\d+)?:/.exec(subject);
  return named !== null && `${named[1] ?? ""}/${named[2] ?? ""}`.toLowerCase() === repository.toLowerCase();
};
