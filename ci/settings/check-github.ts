import { createGitHub, type GitHub } from "../github/client.ts";
import { orUndefined } from "../github/or-undefined.ts";
import { StepError } from "../errors.ts";
import type { StepContext } from "../step-context.ts";
import {
  type ActualEnvironment,
  type ActualRuleset,
  environmentFindings,
  rulesetFindings,
} from "./compare-settings.ts";
import { readEnvironmentSettings, readRulesets } from "./settings-files.ts";

/**
 * Compares the repository's settings on GitHub with the files in `.github/environments/` and `.github/rulesets/`. Changes nothing. The token
 * needs the right to read the administration of the repository, which no workflow's has: it is run by a person.
 * @throws {StepError} when something is not as the files say.
 */
export const checkGitHub = async (context: StepContext): Promise<void> => {
  const github = createGitHub(context);
  const environments = readEnvironmentSettings(context.repository);
  const rulesets = readRulesets(context.repository);
  const findings: string[] = [];
  for (const wanted of environments)
    findings.push(...environmentFindings(wanted, await readEnvironment(github, wanted.environment)));
  for (const wanted of rulesets)
    findings.push(...rulesetFindings(wanted, await readRuleset(github, wanted.name)));
  if (findings.length > 0)
    throw new StepError(`The settings on GitHub are not those of the files:\n${findings.join("\n")}`, {
      hint: "Change the settings on GitHub, or the files in .github/environments and .github/rulesets",
    });
  context.log.write(
    `${environments.length} environments and ${rulesets.length} ruleset are as the files say\n`,
  );
};

const readEnvironment = async (
  { rest, owner, repo }: GitHub,
  environment_name: string,
): Promise<ActualEnvironment | undefined> => {
  const found = await orUndefined(rest.repos.getEnvironment({ owner, repo, environment_name }));
  if (found === undefined) return undefined;
  const { protection_rules: rules = [], deployment_branch_policy: policy } = found.data;
  const review = rules.find((rule) => rule.type === "required_reviewers");
  const reviewers = review !== undefined && "reviewers" in review ? (review.reviewers ?? []) : [];
  return {
    reviewers: reviewers.map(({ reviewer }) => {
      if (reviewer === undefined) return "unknown";
      return "slug" in reviewer ? reviewer.slug : reviewer.login;
    }),
    preventSelfReview: review !== undefined && "prevent_self_review" in review && review.prevent_self_review,
    branches:
      policy?.custom_branch_policies === true
        ? await readBranches({ rest, owner, repo }, environment_name)
        : undefined,
  };
};

const readBranches = async (
  { rest, owner, repo }: GitHub,
  environment_name: string,
): Promise<readonly string[]> => {
  const { data } = await rest.repos.listDeploymentBranchPolicies({
    owner,
    repo,
    environment_name,
    per_page: 100,
  });
  return data.branch_policies.map(({ name = "" }) => name);
};

const readRuleset = async (
  { rest, owner, repo }: GitHub,
  name: string,
): Promise<ActualRuleset | undefined> => {
  const { data: all } = await rest.repos.getRepoRulesets({ owner, repo, per_page: 100 });
  const listed = all.find((one) => one.name === name);
  if (listed === undefined) return undefined;
  const { data } = await rest.repos.getRepoRuleset({ owner, repo, ruleset_id: listed.id });
  return {
    name,
    target: data.target ?? "",
    enforcement: data.enforcement,
    conditions: data.conditions ?? {},
    bypass_actors: data.bypass_actors ?? [],
    rules: (data.rules ?? []).map((rule) => ({
      type: rule.type,
      parameters: "parameters" in rule ? { ...rule.parameters } : {},
    })),
  };
};
