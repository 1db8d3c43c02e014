import { loadEnvironments } from "../../envs/load.ts";
import { workflowRoles } from "../../stacks/workflow-roles.ts";
import { rightAccount } from "../checks/account.ts";
import { functionsBoundary } from "../checks/functions-boundary.ts";
import { githubProvider, rolePolicies, roleTrust } from "../checks/workflow-roles.ts";
import { declareEnvironmentCommand, noOptions } from "../command.ts";

export const accessCommand = declareEnvironmentCommand({
  name: "access",
  summary: "compare the roles of the GitHub workflows with what they must be",
  description:
    "Checks who may take on the three roles of an environment, what each of them may do, and what the roles of the functions " +
    "can do at most: no more and no less than the stack access-<environment> says. A role that trusts more would let a pull " +
    "request or another branch deploy, or read the tenants' rows.\n\n" +
    "Needs rights to read IAM, as an administrator has them. With --json it prints the policies that the roles must have; " +
    "changes nothing.",
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
            functionsBoundary(context),
            ...roles.flatMap((role) => [roleTrust(context, role), rolePolicies(context, role)]),
          ],
        },
      ],
      result: () => ({
        data: { roles: roles.map(({ name, trust, policies }) => ({ name, trust, policies })) },
        text:
          `To create the roles, or to correct them, as an administrator of the account: ` +
          `npx cdktf deploy access-${context.environment.environment}`,
      }),
    };
  },
});
