import type { Role } from "@aws-sdk/client-iam";
import type { Environment } from "../../envs/environment.ts";
import { findOtherPrincipals } from "../../stacks/trust-of-others.ts";
import { githubProviderArn } from "../../stacks/workflow-roles.ts";

/** @param trust as the stack says it. */
export const isOfWorkflows = (trust: string, environment: Environment): boolean =>
  trust.includes(githubProviderArn(environment));

/** Why a role of this name cannot be taken over: others would lose what they have by it, or it would get more than it has. */
export const workflowRoleContradiction = (
  role: Role | undefined,
  environment: Environment,
): string | undefined => {
  const others = findOtherPrincipals(
    JSON.parse(decodeURIComponent(role?.AssumeRolePolicyDocument ?? "{}")),
    environment,
  );
  if (others.length > 0) return `it is also for ${others.join(", ")}`;
  const boundary = role?.PermissionsBoundary?.PermissionsBoundaryArn;
  return boundary === undefined
    ? undefined
    : `it carries the boundary ${boundary}, which the stack would take off`;
};
