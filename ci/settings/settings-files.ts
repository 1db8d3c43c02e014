import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A GitHub environment, as `.github/environments/` says that it must be. */
export interface EnvironmentSettings {
  readonly environment: string;
  /** The only branches whose jobs may use it. */
  readonly branches: readonly string[];
  /** Slugs of the teams of which one person has to approve; none when nobody has to. */
  readonly reviewers: readonly string[];
  /** Nobody approves what they have started themselves. */
  readonly preventSelfReview: boolean;
}

/** A ruleset in GitHub's own format, which its settings page imports. */
export interface Ruleset {
  readonly name: string;
  readonly target: string;
  readonly enforcement: string;
  readonly conditions: object;
  readonly bypass_actors: readonly object[];
  readonly rules: readonly RulesetRule[];
}

export interface RulesetRule {
  readonly type: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

export const readEnvironmentSettings = (repository: string): readonly EnvironmentSettings[] =>
  readFolder(join(repository, ".github", "environments")) as EnvironmentSettings[];

export const readRulesets = (repository: string): readonly Ruleset[] =>
  readFolder(join(repository, ".github", "rulesets")) as Ruleset[];

/** Files of this repository, whose format a test checks. */
const readFolder = (folder: string): unknown[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name): unknown => JSON.parse(readFileSync(join(folder, name), "utf8")));
