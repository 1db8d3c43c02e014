import {
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListEntitiesForPolicy,
} from "@aws-sdk/client-iam";
import type { Environment } from "../../envs/environment.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { GITHUB_AUDIENCE, githubProviderArn } from "../../stacks/workflow-roles.ts";
import type { Context } from "../context.ts";
import { ifFound, type ResourceConfig, type ResourceType, textOf } from "./resource-type.ts";

/** An account has one for each issuer, and the stack has GitHub's alone. */
export const identityProvider: ResourceType = {
  find: async (context) =>
    (await readProvider(context)) === undefined ? undefined : githubProviderArn(context.environment),
  /** Others who sign in with an audience of their own would lose it. */
  contradiction: async (context) => {
    const audiences = (await readProvider(context))?.ClientIDList ?? [];
    const others = audiences.filter((audience) => audience !== GITHUB_AUDIENCE);
    return others.length === 0
      ? undefined
      : `it is also for the audiences ${others.join(", ")}: look it up by "identityProvider": "existing"`;
  },
};

const readProvider = ({ aws, environment, signal }: Context) =>
  ifFound(() =>
    aws.iam.send(
      new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: githubProviderArn(environment) }),
      { abortSignal: signal },
    ),
  );

export const managedPolicy: ResourceType = {
  find: async ({ aws, environment, signal }, config) => {
    const PolicyArn = policyArn(environment, config);
    const found = await ifFound(() =>
      aws.iam.send(new GetPolicyCommand({ PolicyArn }), { abortSignal: signal }),
    );
    return found === undefined ? undefined : PolicyArn;
  },
  /** What it says would change for everybody who has it. */
  contradiction: async ({ aws, environment, signal }, config) => {
    const ours = namesOfRoles(environment);
    const others: string[] = [];
    for await (const page of paginateListEntitiesForPolicy(
      { client: aws.iam },
      { PolicyArn: policyArn(environment, config) },
      { abortSignal: signal },
    )) {
      const { PolicyRoles = [], PolicyUsers = [], PolicyGroups = [] } = page;
      others.push(
        ...PolicyRoles.filter(({ RoleName = "" }) => !ours.includes(RoleName)).map(
          ({ RoleName = "?" }) => `the role ${RoleName}`,
        ),
        ...PolicyUsers.map(({ UserName = "?" }) => `the user ${UserName}`),
        ...PolicyGroups.map(({ GroupName = "?" }) => `the group ${GroupName}`),
      );
    }
    return others.length === 0 ? undefined : `others have it: ${others.join(", ")}`;
  },
};

const policyArn = ({ accountId }: Environment, config: ResourceConfig): string =>
  `arn:aws:iam::${accountId}:policy/${textOf(config, "name")}`;

/** Those of the workflows, and of the functions, which carry the boundary. */
const namesOfRoles = (environment: Environment): readonly string[] => {
  const { deployRole, readRole, planRole } = environment;
  const { roleName, reconciler } = resourceNames(environment);
  return [deployRole, readRole, planRole, roleName, reconciler.roleName, reconciler.scheduleRoleName];
};

export const roleAttachment: ResourceType = {
  find: async ({ aws, signal }, config) => {
    // The stack refers to the policy by an ARN that is known after the apply: its name stands for it.
    const [RoleName, name] = [textOf(config, "role"), textOf(config, "policy_arn")];
    return ifFound(async () => {
      for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies(
        { client: aws.iam },
        { RoleName },
        { abortSignal: signal },
      )) {
        const found = AttachedPolicies.find(({ PolicyName }) => PolicyName === name);
        if (found?.PolicyArn !== undefined) return `${RoleName}/${found.PolicyArn}`;
      }
      return undefined;
    });
  },
};
