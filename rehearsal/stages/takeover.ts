import { pass } from "../../checklist/check.ts";
import type { Stage } from "../../checklist/stage.ts";
import { judgeExit, type Place, type RehearsalContext } from "../context.ts";
import { createPrerequisites } from "../prerequisites.ts";

/** An account in which another version of this system runs already. */
export const takeover = (context: RehearsalContext, place: Place): Stage => {
  const name = place.environment.environment;
  return {
    title: "Takeover of what exists",
    runs: "until-failure",
    checks: [
      {
        title: "Tenant table, cluster and a service",
        run: async () => {
          await createPrerequisites(place);
          return pass(place.environment.accountId);
        },
      },
      {
        title: `State bucket (cdktf deploy state-${name})`,
        run: async () => judgeExit(await context.cdktf(place, `deploy state-${name} --auto-approve`)),
      },
      {
        title: `ops preflight ${name}`,
        run: async () => judgeExit(await context.ops(place, `preflight ${name}`)),
      },
    ],
  };
};
