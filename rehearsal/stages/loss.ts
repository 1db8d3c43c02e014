import { rm } from "node:fs/promises";
import { join } from "node:path";
import { judge, pass } from "../../checklist/check.ts";
import type { Stage } from "../../checklist/stage.ts";
import type { Place, RehearsalContext } from "../context.ts";
import { judgeDeploy, judgeExit } from "../judge-exit.ts";
import { createPrerequisites } from "../prerequisites.ts";
import { createTenant, readStatuses } from "../tenants.ts";

/** The account or the region is lost: all is built again in an empty one, in the order of the runbook's chapter. */
export const loss = (context: RehearsalContext, place: Place): Stage => {
  const name = place.environment.environment;
  const tenants = ["first", "restored"];
  const ops = (args: string) => ({
    title: `ops ${args}`,
    run: async () => judgeExit(await context.ops(place, args)),
  });
  return {
    title: "Loss of the account",
    runs: "until-failure",
    checks: [
      {
        title: "Others restore the table and the cluster; a row is from before the loss",
        run: async () => {
          await createPrerequisites(place);
          await createTenant(place, "restored", { row: { status: "FAILED" } });
          return pass(place.environment.accountId);
        },
      },
      {
        title: `The state bucket and the roles (cdktf deploy state-${name} access-${name})`,
        run: async () =>
          judgeDeploy(await context.cdktf(place, `deploy state-${name} access-${name} --auto-approve`)),
      },
      {
        title: "The state of that stack, a local file, is lost too",
        run: async () => {
          await rm(join(place.workspace, `terraform.state-${name}.tfstate`));
          return pass("removed");
        },
      },
      ops(`import-state-bucket ${name}`),
      ops(`import-state-bucket ${name} --apply`),
      {
        title: `cdktf diff state-${name} has nothing to do`,
        run: async () => {
          const ended = await context.cdktf(place, `diff state-${name}`);
          return judge(
            ended.stdout.includes("No changes."),
            ended.stdout.includes("No changes.") ? "no changes" : "changes",
            "no changes",
          );
        },
      },
      ops(`preflight ${name}`),
      {
        title: `ops deploy ${name}`,
        run: async () => judgeExit(await context.ops(place, `deploy ${name} --reason rebuilt`)),
      },
      ops(`reconcile ${name} --apply --force --reason rebuilt`),
      {
        title: "Every row says what ECS says",
        run: async () => {
          const statuses = JSON.stringify(await readStatuses(place, tenants));
          return judge(statuses === '{"first":"ACTIVE","restored":"ACTIVE"}', statuses, "both ACTIVE");
        },
      },
      ops(`verify ${name}`),
    ],
  };
};
