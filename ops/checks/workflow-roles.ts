import {
  GetOpenIDConnectProviderCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from "@aws-sdk/client-iam";
import { type Check, fail, judge, pass } from "../../checklist/check.ts";
import { ObstacleError } from "../../checklist/errors.ts";
import { findPolicyDifferences, findTrustDifferences } from "../../stacks/role-differences.ts";
import { GITHUB_AUDIENCE, githubProviderArn, type WorkflowRole } from "../../stacks/workflow-roles.ts";
import { isNotFound } from "../aws/explain-error.ts";
import type { Context } from "../context.ts";

/** Without the provider AWS believes no token of GitHub's, whatever a role trusts. */
export const githubProvider = ({ aws, environment, signal }: Context): Check => ({
  title: "GitHub's identity provider",
  run: async () => {
    const expected = `${githubProviderArn(environment)} for the audience ${GITHUB_AUDIENCE}`;
    try {
      const { ClientIDList = [] } = await aws.iam.send(
        new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: githubProviderArn(environment) }),
        { abortSignal: signal },
      );
      return judge(
        ClientIDList.includes(GITHUB_AUDIENCE),
        `for the audiences ${ClientIDList.join(", ") || "(none)"}`,
        expected,
      );
    } catch (error) {
      if (isNotFound(error)) return fail("no such provider", expected);
      throw error;
    }
  },
});

/** Who may take a role on: exactly the jobs that it is for. */
export const roleTrust = (context: Context, role: WorkflowRole): Check => ({
  title: `Trust of ${role.name}`,
  run: async () => {
    const { repository } = context.environment;
    const expected = `${role.subjects.join(", ")} of ${repository}, and nobody else`;
    try {
      const { Role } = await context.aws.iam.send(new GetRoleCommand({ RoleName: role.name }), {
        abortSignal: context.signal,
      });
      const differences = findTrustDifferences(documentIn(Role?.AssumeRolePolicyDocument), role.trust);
      return differences.length === 0
        ? pass(role.subjects.join(", "))
        : fail(differences.join("; "), expected);
    } catch (error) {
      if (isNotFound(error)) return fail("no such role", expected);
      throw error;
    }
  },
});

/** What a role may do: exactly what its policy says, by whatever number of policies. */
export const rolePolicies = (
  context: Context,
  { name, policy }: WorkflowRole & { readonly policy: NonNullable<WorkflowRole["policy"]> },
): Check => ({
  title: `Policies of ${name}`,
  run: async () => {
    try {
      const differences = findPolicyDifferences(await readPolicies(context, name), policy);
      return differences.length === 0
        ? pass("exactly what a plan needs")
        : fail(differences.join("; "), "exactly what a plan needs");
    } catch (error) {
      if (isNotFound(error)) return fail("no such role", "exactly what a plan needs");
      throw error;
    }
  },
});

/** All policies of a role, inline and attached. */
const readPolicies = async ({ aws: { iam }, signal }: Context, role: string): Promise<readonly unknown[]> => {
  const options = { abortSignal: signal };
  const found: unknown[] = [];
  for await (const { PolicyNames = [] } of paginateListRolePolicies(
    { client: iam },
    { RoleName: role },
    options,
  ))
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument } = await iam.send(
        new GetRolePolicyCommand({ RoleName: role, PolicyName }),
        options,
      );
      found.push(documentIn(PolicyDocument));
    }
  for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies(
    { client: iam },
    { RoleName: role },
    options,
  ))
    for (const { PolicyArn } of AttachedPolicies) {
      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }), options);
      const { PolicyVersion } = await iam.send(
        new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
        options,
      );
      found.push(documentIn(PolicyVersion?.Document));
    }
  return found;
};

/** IAM hands out policies as they go into a URL (RFC 3986). */
const documentIn = (encoded: string | undefined): unknown => {
  try {
    return JSON.parse(decodeURIComponent(encoded ?? ""));
  } catch (cause) {
    throw new ObstacleError("IAM answered with a policy that is no JSON", { cause });
  }
};
