import type { Stage } from "../../checklist/stage.ts";
import { pass } from "../../checklist/check.ts";
import { judgeDeploy, judgeExit, type Place, type RehearsalContext } from "../context.ts";
import { createPrerequisites } from "../prerequisites.ts";

/** An account in which nobody has made the roles yet. */
export const rolesOfWorkflows = (context: RehearsalContext, place: Place): Stage => {
  const name = place.environment.environment;
  const ops = (title: string, args: string, exitCode = 0) => ({
    title,
    run: async () => judgeExit(await context.ops(place, args), exitCode),
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
        title: `State bucket and roles (cdktf deploy state-${name} access-${name})`,
        run: async () =>
          judgeDeploy(await context.cdktf(place, `deploy state-${name} access-${name} --auto-approve`)),
      },
      ops(`ops access ${name}`, `access ${name}`),
      ops(`ops preflight ${name}`, `preflight ${name}`),
    ],
  };
};
