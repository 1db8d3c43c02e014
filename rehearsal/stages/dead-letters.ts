import { RemovePermissionCommand } from "@aws-sdk/client-lambda";
import { resourceNames } from "../../envs/resource-names.ts";
import { judge } from "../../checklist/check.ts";
import { buildZip, FLAWED } from "../builds.ts";
import { ServiceEvents } from "./ecs-events.ts";
import type { Stage } from "../../checklist/stage.ts";
import { createTenant, readStatuses, serviceArnOf } from "../tenants.ts";
import { judgeLiveVersion } from "../versions.ts";
import type { RehearsalContext } from "../context.ts";
import { judgeDeploy, judgeExit } from "../judge-exit.ts";

const FAILED = ["parked-by-lambda-1", "parked-by-lambda-2", "parked-by-lambda-3", "parked-by-lambda-4"];
const UNDELIVERED = ["parked-by-eventbridge-1", "parked-by-eventbridge-2"];
const ALL = [...FAILED, ...UNDELIVERED];

/** Both ways into the dead-letter queue, and the way out. */
export const deadLetters = (context: RehearsalContext): Stage => {
  const { dev } = context;
  const { functionName, aliasName } = resourceNames(dev.environment);
  const begin = Math.floor(Date.now() / 1000) - 1800;
  const steady = (tenantId: string, index: number) =>
    new ServiceEvents(dev.environment, serviceArnOf(dev, tenantId)).serviceAction(
      "SERVICE_STEADY_STATE",
      begin + index,
    );
  const countProcessed = async (): Promise<number> =>
    Object.values(await readStatuses(dev, ALL)).filter((status) => status === "ACTIVE").length;
  const countWaiting = async (): Promise<number> => {
    const ended = await context.ops(dev, "dlq count dev --json");
    const { result } = JSON.parse(ended.stdout) as { result?: { waiting?: number } };
    return result?.waiting ?? NaN;
  };
  /** Every event is either in its row or in the queue. */
  const judgeNoneLost = async (sent: number) => {
    const [processed, waiting] = [await countProcessed(), await countWaiting()];
    return judge(
      processed + waiting === sent && waiting > 0,
      `${sent} events: ${processed} processed, ${waiting} waiting`,
      `${sent} events, some waiting, none lost`,
    );
  };

  return {
    title: "Dead letters",
    runs: "until-failure",
    checks: [
      {
        title: "A build that answers the smoke test and fails on real events is deployed",
        run: async () => {
          await Promise.all(ALL.map((tenantId) => createTenant(dev, tenantId)));
          const { variables } = await buildZip(context.parts.folder, "flawed", FLAWED);
          return judgeDeploy(await context.cdktf(dev, "deploy dev --auto-approve", variables));
        },
      },
      {
        title: "ops release dev",
        run: async () => judgeExit(await context.ops(dev, 'release dev --reason "flawed, unknown to all"')),
      },
      { title: "It is live", run: () => judgeLiveVersion(dev, "4") },
      {
        title: "ops monitor dev --rollback, while events fail, rolls back",
        run: async () =>
          judgeExit(
            await context.opsMeanwhile(
              dev,
              "monitor dev --minutes 5 --rollback --reason rehearsed",
              // It has looked for the first time: what fails from now on is later than its beginning.
              "Within the limits for 5 min: ",
              () => context.send(dev, FAILED.map(steady)),
            ),
            1,
          ),
      },
      { title: "The version before it is live again", run: () => judgeLiveVersion(dev, "2") },
      {
        title: "Lambda has parked what failed three times; retries after the rollback have not failed",
        run: () => judgeNoneLost(FAILED.length),
      },
      {
        title: "Without their permissions, the rules park what they cannot deliver",
        run: async () => {
          for (const statement of ["service-action-rule", "deployment-state-change-rule"])
            await dev.account.aws.lambda.send(
              new RemovePermissionCommand({
                FunctionName: functionName,
                Qualifier: aliasName,
                StatementId: statement,
              }),
            );
          const deliveries = await context.send(dev, UNDELIVERED.map(steady));
          const parked = deliveries.reduce((sum, delivery) => sum + delivery.parked, 0);
          return judge(parked === UNDELIVERED.length, `${parked} parked`, `${UNDELIVERED.length} parked`);
        },
      },
      {
        title: "ops verify dev finds what is wrong",
        run: async () => {
          const ended = await context.ops(dev, "verify dev --json");
          const { checks } = JSON.parse(ended.stdout) as {
            checks: { title: string; outcome: string }[];
          };
          const failed = checks.filter(({ outcome }) => outcome === "fail").map(({ title }) => title);
          const isRight = [
            /service-action permission/,
            /deployment-state-change permission/,
            /Dead-letter queue/,
          ].every((expected) => failed.some((title) => expected.test(title)));
          return judge(
            ended.exitCode === 1 && isRight,
            failed.join(", "),
            "both permissions and the dead-letter queue",
          );
        },
      },
      {
        title: "cdktf deploy dev, of the second release, grants them again",
        run: async () => judgeDeploy(await context.cdktf(dev, "deploy dev --auto-approve")),
      },
      {
        title: "It has left the alias where it was",
        run: () => judgeLiveVersion(dev, "2"),
      },
      { title: "No event is lost", run: () => judgeNoneLost(ALL.length) },
      {
        title: "ops dlq peek dev",
        run: async () => judgeExit(await context.ops(dev, "dlq peek dev")),
      },
      {
        title: "ops dlq replay dev, a dry run, sends nothing",
        run: async () => judgeExit(await context.ops(dev, "dlq replay dev")),
      },
      { title: "They wait still", run: () => judgeNoneLost(ALL.length) },
      {
        title: "ops dlq replay dev --apply",
        run: async () =>
          judgeExit(await context.recordedOps("3-dlq-replay.txt", dev, "dlq replay dev --apply")),
      },
      {
        title: "The queue is empty, and the rows are right",
        run: async () => {
          const [processed, waiting] = [await countProcessed(), await countWaiting()];
          return judge(
            waiting === 0 && processed === ALL.length,
            `${processed} of ${ALL.length} rows, ${waiting} waiting`,
            `${ALL.length} of ${ALL.length} rows, 0 waiting`,
          );
        },
      },
    ],
  };
};
