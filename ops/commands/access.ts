import { loadEnvironments } from "../../envs/load.ts";
import { workflowRoles } from "../../stacks/workflow-roles.ts";
import { adoptAccess } from "../checks/access-adoption.ts";
import { rightAccount } from "../checks/account.ts";
import { functionsBoundary } from "../checks/functions-boundary.ts";
import { settling } from "../checks/settling.ts";
import { githubProvider, rolePolicies, roleTrust } from "../checks/workflow-roles.ts";
import { DRY_RUN, declareEnvironmentCommand } from "../command.ts";

export const accessCommand = declareEnvironmentCommand({
  name: "access",
  summary: "compare the roles of the GitHub workflows with what they must be, or correct them",
  description:
    "Checks who may take on the three roles of an environment, what each of them may do, and what the roles of the functions " +
    "can do at most: no more and no less than the stack access-<environment> says. A role that trusts more would let a pull " +
    "request or another branch deploy, or read the tenants' rows.\n\n" +
    "Without an option it changes nothing; it needs rights to read IAM, as an administrator has them. With --json it prints " +
    "the policies that the roles must have.\n\n" +
    "--apply deploys the stack, then compares. Roles, policies and an identity provider that exist under its names are " +
    "imported into its state, and changed to what it says. It removes no policy that somebody else has attached: the " +
    "comparison names it. Refuses a role that is for somebody else, and a plan that would destroy something.",
  examples: ["access dev", "access prod --json", "access dev --apply --dry-run", "access dev --apply"],
  options: (command) =>
    command
      .option("--apply", "deploy access-<environment>, and take over what exists of it")
      .option("--dry-run", DRY_RUN),
  runsPrograms: true,
  plan: (context, { apply }) => {
    const roles = workflowRoles(context.environment, loadEnvironments());
    const comparisons = [
      githubProvider(context),
      functionsBoundary(context),
      ...roles.flatMap((role) => [roleTrust(context, role), rolePolicies(context, role)]),
    ];
    const result = () => ({
      data: { roles: roles.map(({ name, trust, policies }) => ({ name, trust, policies })) },
      text:
        `To create the roles, or to correct them, as an administrator of the account: ` +
        `npm run ops -- access ${context.environment.environment} --apply`,
    });
    if (apply !== true)
      return {
        runs: "until-failure",
        checks: [rightAccount(context), { runs: "all", checks: comparisons }],
        result,
      };
    const adoption = adoptAccess(context);
    return {
      runs: "all",
      checks: [
        {
          runs: "until-failure",
          checks: [
            rightAccount(context),
            adoption.survey,
            adoption.plan,
            adoption.apply,
            // A dry run would compare what is there now.
            ...(context.dryRun ? [] : [{ runs: "all", checks: settling(context, comparisons) } as const]),
          ],
        },
        adoption.cleanUp,
      ],
    };
  },
});
