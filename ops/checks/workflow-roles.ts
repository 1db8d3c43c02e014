import { GetOpenIDConnectProviderCommand } from "@aws-sdk/client-iam";
import { type Check, fail, judge, pass } from "../../checklist/check.ts";
import { findPolicyDifferences, findTrustDifferences } from "../../stacks/role-differences.ts";
import { GITHUB_AUDIENCE, githubProviderArn, type WorkflowRole } from "../../stacks/workflow-roles.ts";
import { isNotFound } from "../aws/explain-error.ts";
import { readRolePolicies, readTrustPolicy } from "../aws/role-policies.ts";
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
      const differences = findTrustDifferences(await readTrustPolicy(context, role.name), role.trust);
      return differences.length === 0
        ? pass(role.subjects.join(", "))
        : fail(differences.join("; "), expected);
    } catch (error) {
      if (isNotFound(error)) return fail("no such role", expected);
      throw error;
    }
  },
});

/** What a role may do: exactly what the stack says, by whatever number of policies. */
export const rolePolicies = (context: Context, { name, purpose, policies }: WorkflowRole): Check => ({
  title: `Policies of ${name}`,
  run: async () => {
    const expected = `exactly what it takes to ${purpose}`;
    try {
      const differences = findPolicyDifferences(await readRolePolicies(context, name), policies);
      return differences.length === 0 ? pass(expected) : fail(differences.join("; "), expected);
    } catch (error) {
      if (isNotFound(error)) return fail("no such role", expected);
      throw error;
    }
  },
});
