import { judge, pass } from "../../checklist/check.ts";
import type { Stage } from "../../checklist/stage.ts";
import type { Place, RehearsalContext } from "../context.ts";
import { judgeDeploy, judgeExit } from "../judge-exit.ts";
import { createPrerequisites } from "../prerequisites.ts";
import { deploySamStack, parkAsSamDid, permitOldRules } from "../sam-stack.ts";
import { createTenant, readStatuses, serviceArnOf } from "../tenants.ts";
import { liveVersion } from "../versions.ts";
import { ServiceEvents } from "./ecs-events.ts";
import { startableEvents } from "./event-stream.ts";

const PARKED = ["parked-before-1", "parked-before-2"];

/** An account in which the SAM version runs, whose events go on all the time. */
export const takeover = (context: RehearsalContext, place: Place): Stage => {
  const name = place.environment.environment;
  const stream = startableEvents(context, place);
  const steady = (tenantId: string) =>
    new ServiceEvents(place.environment, serviceArnOf(place, tenantId)).serviceAction(
      "SERVICE_STEADY_STATE",
      Math.floor(Date.now() / 1000) - 60,
    );
  const ops = (title: string, args: string, exitCode = 0) => ({
    title,
    run: async () => judgeExit(await context.ops(place, args), exitCode),
  });
  return {
    title: "Takeover of the SAM version",
    runs: "until-failure",
    checks: [
      {
        title: "Tenant table, cluster, and the SAM version's stack with its versions and aliases",
        run: async () => {
          await createPrerequisites(place);
          await deploySamStack(place, context.parts.folder);
          await permitOldRules(place);
          await Promise.all(PARKED.map((tenantId) => createTenant(place, tenantId)));
          await parkAsSamDid(place, PARKED.map(steady));
          return pass("two events wait in its queue");
        },
      },
      {
        title: "Its events",
        run: async () => {
          stream.start();
          // The first rows are as the SAM version leaves them: the new one carries them on.
          await stream.sent(2);
          return judge(
            (await stream.wrong()).length === 0,
            `${(await stream.wrong()).length} of 2 rows wrong`,
            "0 of 2 rows wrong",
          );
        },
      },
      {
        title: `State bucket and roles (cdktf deploy state-${name} access-${name})`,
        run: async () =>
          judgeDeploy(await context.cdktf(place, `deploy state-${name} access-${name} --auto-approve`)),
      },
      ops(`ops preflight ${name} names what is in the way`, `preflight ${name}`, 1),
      {
        title: `ops adopt ${name}, a dry run`,
        run: async () => judgeExit(await context.recordedOps("5-adopt.txt", place, `adopt ${name}`)),
      },
      ops(`ops adopt ${name} --apply`, `adopt ${name} --apply --reason rehearsed`),
      ops(`ops rollback ${name}, back to the SAM version`, `rollback ${name} --reason "back to SAM"`),
      {
        title: "It is live again, and so is the stream of events",
        run: async () => {
          await stream.sent(3);
          const wrong = await stream.wrong();
          const version = await liveVersion(place);
          return judge(
            wrong.length === 0 && version === "1",
            `version ${version}, ${wrong.length} wrong rows`,
            "version 1, 0 wrong rows",
          );
        },
      },
      ops(`ops adopt ${name} --finish refuses`, `adopt ${name} --finish`, 1),
      ops(`ops release ${name} --again`, `release ${name} --again --reason rehearsed`),
      ops(`ops adopt ${name} --finish`, `adopt ${name} --finish`),
      ops(
        `ops rollback ${name} refuses: there is no way back to the SAM version`,
        `rollback ${name} --reason "back to SAM"`,
        1,
      ),
      ops(`ops preflight ${name} finds nothing in the way`, `preflight ${name}`),
      {
        title: `ops adopt ${name}, once more: nothing to import, to change or to delete`,
        run: async () => {
          const { stdout } = await context.ops(place, `adopt ${name} --json`);
          const { result } = JSON.parse(stdout) as { result?: { takeover: { action: string }[] } };
          const left = (result?.takeover ?? []).filter(({ action }) => action !== "left alone");
          return judge(
            result !== undefined && left.length === 0,
            result === undefined ? "no result" : `${left.length} left to do`,
            "0 left to do",
          );
        },
      },
      {
        title: "No event is lost",
        run: async () => {
          const sent = await stream.stop();
          const wrong = await stream.wrong();
          return judge(wrong.length === 0, `${sent} events, ${wrong.length} wrong rows`, "no wrong row");
        },
      },
      ops(`ops dlq replay ${name} --apply, of what the SAM version had parked`, `dlq replay ${name} --apply`),
      {
        title: "Their rows are right",
        run: async () => {
          const statuses = Object.values(await readStatuses(place, PARKED));
          return judge(
            statuses.every((status) => status === "ACTIVE"),
            statuses.join(", "),
            "ACTIVE, ACTIVE",
          );
        },
      },
      {
        title: "Planned again, Terraform finds nothing to change",
        run: async () =>
          judgeExit(
            await context.terraform(place, "plan -detailed-exitcode -no-color -input=false -lock=false"),
          ),
      },
    ],
  };
};
