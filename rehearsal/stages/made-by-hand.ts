import { DeleteRuleCommand, RemoveTargetsCommand } from "@aws-sdk/client-eventbridge";
import { judge, pass } from "../../checklist/check.ts";
import type { Stage } from "../../checklist/stage.ts";
import { BROKEN, buildZip } from "../builds.ts";
import type { Place, RehearsalContext } from "../context.ts";
import { judgeDeploy, judgeExit } from "../judge-exit.ts";
import { HAND_MADE_RULES, makeByHand } from "../hand-made.ts";
import { createPrerequisites } from "../prerequisites.ts";
import { liveVersion } from "../versions.ts";
import { startableEvents } from "./event-stream.ts";

/** An account in which somebody has made the old version by hand: no stack owns it. Each step is stopped once and run again. */
export const madeByHand = (context: RehearsalContext, place: Place): Stage => {
  const name = place.environment.environment;
  const stream = startableEvents(context, place);
  const ops = (title: string, args: string, exitCode = 0) => ({
    title,
    run: async () => judgeExit(await context.ops(place, args), exitCode),
  });
  const isLive = (title: string, isExpected: (version: string) => boolean, expected: string) => ({
    title,
    run: async () => {
      await stream.sent(2);
      const wrong = (await stream.wrong()).length;
      const version = await liveVersion(place);
      return judge(
        wrong === 0 && isExpected(version),
        `version ${version}, ${wrong} wrong rows`,
        `${expected}, 0 wrong rows`,
      );
    },
  });
  return {
    title: "Takeover of what was made by hand",
    runs: "until-failure",
    checks: [
      {
        title: "Tenant table, cluster, and an old version without a stack",
        run: async () => {
          await createPrerequisites(place);
          await makeByHand(place, context.parts.folder);
          stream.start();
          await stream.sent(2);
          return pass(`rules ${HAND_MADE_RULES.join(", ")}`);
        },
      },
      {
        title: `State bucket and roles (cdktf deploy state-${name} access-${name})`,
        run: async () =>
          judgeDeploy(await context.cdktf(place, `deploy state-${name} access-${name} --auto-approve`)),
      },
      ops(`ops adopt ${name}, a dry run`, `adopt ${name}`),
      {
        title: `ops adopt ${name} --apply, which ends after the import: the code does not run`,
        run: async () => {
          const { variables } = await buildZip(context.parts.folder, "broken-takeover", BROKEN);
          return judgeExit(
            await context.ops(place, `adopt ${name} --apply --reason rehearsed`, variables),
            1,
          );
        },
      },
      isLive("The old version is live all the time", (version) => version === "1", "version 1"),
      ops(`ops adopt ${name} --apply, once more`, `adopt ${name} --apply --reason rehearsed`),
      isLive("The new version is live", (version) => version !== "1", "another version"),
      ops(`ops rollback ${name}, back to the old version`, `rollback ${name} --reason "back to the old one"`),
      isLive("The old version is live again", (version) => version === "1", "version 1"),
      ops(`ops release ${name} --again`, `release ${name} --again --reason rehearsed`),
      {
        title: `ops adopt ${name} --finish, stopped after the first rule, and run again`,
        run: async () => {
          const [Rule] = HAND_MADE_RULES;
          const { eventBridge } = place.account.aws;
          await eventBridge.send(new RemoveTargetsCommand({ Rule, Ids: ["1"] }));
          await eventBridge.send(new DeleteRuleCommand({ Name: Rule }));
          return judgeExit(await context.ops(place, `adopt ${name} --finish`));
        },
      },
      ops(
        `ops rollback ${name} refuses: there is no way back to the old version`,
        `rollback ${name} --reason "back to the old one"`,
        1,
      ),
      ops(`ops preflight ${name} finds nothing in the way`, `preflight ${name}`),
      ops(`ops adopt ${name} --finish, once more, has nothing to do`, `adopt ${name} --finish`),
      {
        title: "No event is lost",
        run: async () => {
          const sent = await stream.stop();
          const wrong = await stream.wrong();
          return judge(wrong.length === 0, `${sent} events, ${wrong.length} wrong rows`, "no wrong row");
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
