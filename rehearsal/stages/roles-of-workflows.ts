import type { Stage } from "../../checklist/stage.ts";
import { judge, pass } from "../../checklist/check.ts";
import type { Place, RehearsalContext } from "../context.ts";
import { judgeDeploy, judgeExit } from "../judge-exit.ts";
import { createPrerequisites } from "../prerequisites.ts";
import { rightsOfRoles } from "./rights-of-roles.ts";
import { createRolesByHand, lendPlanRole, returnPlanRole } from "../roles-by-hand.ts";

/** An account in which somebody has made some of the roles by hand. */
export const rolesOfWorkflows = (context: RehearsalContext, place: Place): Stage => {
  const name = place.environment.environment;
  const ops = (title: string, args: string, exitCode = 0) => ({
    title,
    run: async () => judgeExit(await context.ops(place, args), exitCode),
  });
  const opsSaying = (title: string, args: string, text: string, exitCode = 0) => ({
    title,
    run: async () => {
      const ended = await context.ops(place, args);
      return ended.exitCode === exitCode
        ? judge(ended.stdout.includes(text), ended.stdout.trimEnd().split("\n").at(-1) ?? "", text)
        : judgeExit(ended, exitCode);
    },
  });
  return {
    title: "The roles of the workflows",
    runs: "until-failure",
    checks: [
      {
        title: "Tenant table, cluster and a service",
        run: async () => {
          await createPrerequisites(place);
          return pass(place.environment.accountId);
        },
      },
      ops(`ops access ${name} finds none of them`, `access ${name}`, 1),
      {
        title: "Somebody makes GitHub's identity provider and a role with a policy by hand",
        run: async () => {
          await createRolesByHand(place);
          return pass("any job of the repository may plan");
        },
      },
      ops(`ops access ${name} names what is wrong and missing`, `access ${name}`, 1),
      {
        title: `State bucket (cdktf deploy state-${name})`,
        run: async () => judgeDeploy(await context.cdktf(place, `deploy state-${name} --auto-approve`)),
      },
      {
        title: "Somebody lets another repository take on the role too",
        run: async () => {
          await lendPlanRole(place);
          return pass(place.environment.planRole);
        },
      },
      opsSaying(
        `ops access ${name} --apply refuses it`,
        `access ${name} --apply`,
        "it is also for repo:Others/another:pull_request",
        1,
      ),
      {
        title: "and no longer",
        run: async () => {
          await returnPlanRole(place);
          return pass(place.environment.planRole);
        },
      },
      opsSaying(`ops access ${name} --apply --dry-run`, `access ${name} --apply --dry-run`, "4 to import, "),
      ops(`ops access ${name} --apply`, `access ${name} --apply`),
      opsSaying(
        `ops access ${name} --apply has nothing to do the second time`,
        `access ${name} --apply`,
        "0 to import, nothing to do",
      ),
      ops(`ops access ${name}`, `access ${name}`),
      ops(`ops preflight ${name}`, `preflight ${name}`),
      rightsOfRoles(context, place),
    ],
  };
};
