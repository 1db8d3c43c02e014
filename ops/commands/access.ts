import type { Check } from "../../checklist/check.ts";
import { loadEnvironments } from "../../envs/load.ts";
import { workflowRoles } from "../../stacks/workflow-roles.ts";
import { rightAccount } from "../checks/account.ts";
import { githubProvider, rolePolicies, roleTrust } from "../checks/workflow-roles.ts";
import { declareEnvironmentCommand, noOptions } from "../command.ts";

export const accessCommand = declareEnvironmentCommand({
  name: "access",
  summary: "compare the roles of the GitHub workflows with what they must be",
  description:
    "Checks who may take on the three roles of an environment, and what the role of pull requests may do: no more and no " +
    "less than the workflows need. A role that trusts more would let a pull request or another branch deploy, or read " +
    "the tenants' rows.\n\n" +
    "Needs rights to read IAM, as an administrator has them. Prints the policies that the roles must have, to make " +
    "or to correct them by; changes nothing.",
  examples: ["access dev", "access prod --json"],
  options: noOptions,
  plan: (context) => {
    const roles = workflowRoles(context.environment, loadEnvironments());
    return {
      runs: "until-failure",
      checks: [
        rightAccount(context),
        {
          runs: "all",
          checks: [
            githubProvider(context),
            ...roles.flatMap((role): readonly Check[] => [
              roleTrust(context, role),
              ...(role.policy === undefined ? [] : [rolePolicies(context, { ...role, policy: role.policy })]),
            ]),
          ],
        },
      ],
      result: () => ({
        data: { roles: roles.map(({ name, trust, policy }) => ({ name, trust, policy })) },
        text: roles
          .flatMap(({ name, trust, policy }) => [
            `The trust policy of ${name}:\n${JSON.stringify(trust, undefined, 2)}`,
            ...(policy === undefined
              ? []
              : [`The policy of ${name}:\n${JSON.stringify(policy, undefined, 2)}`]),
          ])
          .join("\n\n"),
      }),
    };
  },
});
