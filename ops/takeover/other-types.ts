import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { GetRoleCommand, GetRolePolicyCommand } from "@aws-sdk/client-iam";
import { isOfWorkflows, workflowRoleContradiction } from "./workflow-role.ts";
import { ifFound, type ResourceType, textOf } from "./resource-type.ts";

export const role: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const RoleName = textOf(config, "name");
    const found = await ifFound(() =>
      aws.iam.send(new GetRoleCommand({ RoleName }), { abortSignal: signal }),
    );
    return found === undefined ? undefined : RoleName;
  },
  /** It would lose the rights that somebody else has by it. */
  contradiction: async ({ aws, environment, signal }, config) => {
    const { Role } = await aws.iam.send(new GetRoleCommand({ RoleName: textOf(config, "name") }), {
      abortSignal: signal,
    });
    const trust = textOf(config, "assume_role_policy");
    if (isOfWorkflows(trust, environment)) return workflowRoleContradiction(Role, environment);
    const wanted = servicesIn(trust);
    const trusted = servicesIn(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ""));
    return wanted.every((service) => trusted.includes(service))
      ? undefined
      : `it is not for ${wanted.join(", ")} but for ${trusted.join(", ") || "nobody known"}`;
  },
};

const servicesIn = (policy: string): readonly string[] => [
  ...new Set([...policy.matchAll(/[a-z0-9-]+\.amazonaws\.com/g)].map(([service]) => service)),
];

export const rolePolicy: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const [RoleName, PolicyName] = [textOf(config, "role"), textOf(config, "name")];
    const found = await ifFound(() =>
      aws.iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }), { abortSignal: signal }),
    );
    return found === undefined ? undefined : `${RoleName}:${PolicyName}`;
  },
};

export const table: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const TableName = textOf(config, "name");
    const found = await ifFound(() =>
      aws.dynamoDb.send(new DescribeTableCommand({ TableName }), { abortSignal: signal }),
    );
    return found === undefined ? undefined : TableName;
  },
};
