import { isDeepStrictEqual } from "node:util";
import type { EnvironmentSettings, Ruleset } from "./settings-files.ts";

/** As much of GitHub's answers as is compared. */
export interface ActualEnvironment {
  readonly reviewers: readonly string[];
  readonly preventSelfReview: boolean;
  /** Undefined when every branch may use it. */
  readonly branches: readonly string[] | undefined;
}

export type ActualRuleset = Omit<Ruleset, "bypass_actors"> & {
  /** GitHub shows them only to those who may change the ruleset. */
  readonly bypass_actors?: readonly object[];
};

/** What is not as the file says, a sentence for each. Pure. */
export const environmentFindings = (
  wanted: EnvironmentSettings,
  actual: ActualEnvironment | undefined,
): readonly string[] => {
  const name = `environment ${wanted.environment}`;
  if (actual === undefined) return [`${name} does not exist: any job could make it, without protection`];
  const findings: string[] = [];
  if (actual.branches === undefined) findings.push(`${name} may be used by any branch`);
  else if (!sameSet(actual.branches, wanted.branches))
    findings.push(`${name} may be used by ${listOf(actual.branches)}, not by ${listOf(wanted.branches)}`);
  if (!sameSet(actual.reviewers, wanted.reviewers))
    findings.push(`${name} is approved by ${listOf(actual.reviewers)}, not by ${listOf(wanted.reviewers)}`);
  if (actual.preventSelfReview !== wanted.preventSelfReview)
    findings.push(
      `${name} ${wanted.preventSelfReview ? "lets people approve what they started" : "prevents self-review"}`,
    );
  return findings;
};

/** Of the rules' parameters only those of the file count: GitHub adds more. */
export const rulesetFindings = (wanted: Ruleset, actual: ActualRuleset | undefined): readonly string[] => {
  const name = `ruleset ${wanted.name}`;
  if (actual === undefined) return [`${name} does not exist`];
  const findings: string[] = [];
  for (const property of ["target", "enforcement", "conditions"] as const)
    if (!isDeepStrictEqual(actual[property], wanted[property]))
      findings.push(`${name} has another ${property}: ${JSON.stringify(actual[property])}`);
  if (actual.bypass_actors !== undefined && actual.bypass_actors.length > wanted.bypass_actors.length)
    findings.push(`${name} can be bypassed by ${actual.bypass_actors.length} actors`);
  for (const { type, parameters = {} } of wanted.rules) {
    const rule = actual.rules.find((one) => one.type === type);
    if (rule === undefined) {
      findings.push(`${name} lacks the rule ${type}`);
      continue;
    }
    for (const [parameter, value] of Object.entries(parameters)) {
      const found = rule.parameters?.[parameter];
      if (!includes(found, value))
        findings.push(
          `${name}, rule ${type}: ${parameter} is ${JSON.stringify(found)}, not ${JSON.stringify(value)}`,
        );
    }
  }
  return findings;
};

/** Equal; of lists and objects the actual one may have more. */
const includes = (actual: unknown, wanted: unknown): boolean => {
  if (Array.isArray(wanted))
    return (
      Array.isArray(actual) && wanted.every((item) => actual.some((one: unknown) => includes(one, item)))
    );
  if (typeof wanted === "object" && wanted !== null)
    return (
      typeof actual === "object" &&
      actual !== null &&
      Object.entries(wanted).every(([key, value]) =>
        includes(new Map(Object.entries(actual)).get(key), value),
      )
    );
  return actual === wanted;
};

const sameSet = (a: readonly string[], b: readonly string[]): boolean =>
  isDeepStrictEqual([...a].sort(), [...b].sort());
const listOf = (names: readonly string[]): string => names.join(", ") || "nobody";
