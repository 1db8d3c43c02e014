import type { Environment } from "../envs/environment.ts";
import { deployPolicies } from "./deploy-policy.ts";
import { planPolicy } from "./plan-policy.ts";
import { type PolicyDocument, policyDocument } from "./policy-document.ts";
import { readPolicies } from "./read-policy.ts";

/** A role that the workflows take on by OpenID Connect. */
export interface WorkflowRole {
  readonly purpose: "deploy" | "read" | "plan";
  readonly name: string;
  /** Who may assume it. */
  readonly trust: PolicyDocument;
  /** The `sub` claims that the trust names, without the repository: `environment:dev`. */
  readonly subjects: readonly string[];
  /** All that it may do, together; in documents that are each short enough for IAM. */
  readonly policies: readonly PolicyDocument[];
}

/** GitHub's identity provider, as an account knows it. */
const GITHUB_ISSUER = "token.actions.githubusercontent.com";
export const GITHUB_AUDIENCE = "sts.amazonaws.com";

export const githubProviderUrl = `https://${GITHUB_ISSUER}`;

export const githubProviderArn = ({ accountId }: Environment): string =>
  `arn:aws:iam::${accountId}:oidc-provider/${GITHUB_ISSUER}`;

/**
 * The three roles of an environment. The one that deploys is for its GitHub environment alone, which has protections. The one that
 * reads is for the main branch, and for the job that promotes from here, which judges once more under the lock of its own
 * environment. The one that plans is for pull requests, whose code nobody has approved.
 * @param all every environment, as one may be promoted to another.
 * @see https://docs.github.com/en/actions/reference/security/oidc
 */
export const workflowRoles = (
  environment: Environment,
  all: readonly Environment[],
): readonly WorkflowRole[] => {
  const { environment: name, deployRole, readRole, planRole } = environment;
  const promotedTo = all
    .filter(({ promotion }) => promotion?.from === name)
    .map((next) => `environment:${next.environment}`);
  const role = (
    purpose: WorkflowRole["purpose"],
    roleName: string,
    subjects: readonly string[],
    policies: readonly PolicyDocument[],
  ): WorkflowRole => ({ purpose, name: roleName, trust: trustIn(environment, subjects), subjects, policies });
  return [
    role("deploy", deployRole, [`environment:${name}`], deployPolicies(environment)),
    role("read", readRole, ["ref:refs/heads/main", ...promotedTo], readPolicies(environment)),
    role("plan", planRole, ["pull_request"], [planPolicy(environment)]),
  ];
};

const trustIn = (environment: Environment, subjects: readonly string[]): PolicyDocument =>
  policyDocument({
    Sid: "GitHubActions",
    Effect: "Allow",
    Principal: { Federated: githubProviderArn(environment) },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: {
        [`${GITHUB_ISSUER}:aud`]: GITHUB_AUDIENCE,
        [`${GITHUB_ISSUER}:sub`]: repositoriesIn(environment).flatMap((repository) =>
          subjects.map((subject) => `repo:${repository}:${subject}`),
        ),
      },
    },
  });

/** As a token's `sub` calls it: OWNER/NAME, and OWNER@ID/NAME@ID where the ids are known. */
const repositoriesIn = ({ repository, repositoryIds }: Environment): readonly string[] => {
  const [owner = "", name = ""] = repository.split("/");
  return repositoryIds === undefined
    ? [repository]
    : [repository, `${owner}@${repositoryIds.owner}/${name}@${repositoryIds.repository}`];
};
