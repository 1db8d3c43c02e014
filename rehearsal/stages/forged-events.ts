import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueUrlCommand, PurgeQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { marshall } from "@aws-sdk/util-dynamodb";
import { resourceNames } from "../../envs/resource-names.ts";
import { judge } from "../../checklist/check.ts";
import type { Stage } from "../../checklist/stage.ts";
import { createTenant, readStatuses, serviceArnOf } from "../tenants.ts";
import type { RehearsalContext } from "../context.ts";
import { judgeExit } from "../judge-exit.ts";
import { ServiceEvents } from "./ecs-events.ts";

const TENANT = "told-of-lies";
const FORGED = { id: "00000000-0000-4000-8000-000000000000", at: "2098-01-01T00:00:00Z" };

/** What somebody with too many rights could send, and what it can leave behind: refused, named, cured. */
export const forgedEvents = (context: RehearsalContext): Stage => {
  const { dev } = context;
  const { deadLetterQueueName } = resourceNames(dev.environment);
  const { sqs, dynamoDb } = dev.account.aws;
  const queueUrl = async (): Promise<string | undefined> =>
    (await sqs.send(new GetQueueUrlCommand({ QueueName: deadLetterQueueName }))).QueueUrl;
  const judgeStatus = async (expected: string) => {
    const found = String((await readStatuses(dev, [TENANT]))[TENANT]);
    return judge(found === expected, `${TENANT} is ${found}`, `${TENANT} is ${expected}`);
  };
  let messageId = "";

  return {
    title: "Forged events",
    runs: "until-failure",
    checks: [
      {
        title: "A tenant runs",
        run: async () => {
          await createTenant(dev, TENANT);
          const begin = Math.floor(Date.now() / 1000) - 300;
          await context.send(dev, [
            new ServiceEvents(dev.environment, serviceArnOf(dev, TENANT)).serviceAction(
              "SERVICE_STEADY_STATE",
              begin,
            ),
          ]);
          return judgeStatus("ACTIVE");
        },
      },
      {
        title: "ops dlq replay dev --apply holds back an event that was sent to the queue by hand",
        run: async () => {
          const sent = await sqs.send(
            new SendMessageCommand({
              QueueUrl: await queueUrl(),
              MessageBody: JSON.stringify(forgedDeletion(dev.environment)),
            }),
          );
          messageId = sent.MessageId ?? "";
          const ended = await context.ops(dev, "dlq replay dev --apply");
          return ended.stdout.includes("1 held back")
            ? judgeExit(ended)
            : judge(false, ended.stdout, "1 held back");
        },
      },
      {
        title: "ops dlq replay dev --apply --trust sends it, and the handler refuses its time",
        run: async () => {
          const ended = await context.ops(dev, `dlq replay dev --apply --trust ${messageId}`);
          return ended.stdout.includes("more than 5 minutes ahead of the clock")
            ? judgeExit(ended, 1)
            : judge(false, ended.stdout, "more than 5 minutes ahead of the clock");
        },
      },
      {
        title: "The tenant is as it was",
        run: async () => {
          await sqs.send(new PurgeQueueCommand({ QueueUrl: await queueUrl() }));
          return judgeStatus("ACTIVE");
        },
      },
      {
        title: "ops reconcile dev fails on a row that remembers such an event, and names the cure",
        run: async () => {
          await dynamoDb.send(
            new UpdateItemCommand({
              TableName: dev.environment.tenants.table,
              Key: marshall({ tenant_id: TENANT }),
              UpdateExpression:
                "SET #status = :status, ecs_status = :status, status_at = :at, last_event = :last, events.SERVICE_DELETED = :event",
              ExpressionAttributeNames: { "#status": dev.environment.tenants.statusAttribute },
              ExpressionAttributeValues: marshall({
                ":status": "DEPROVISIONED",
                ":at": FORGED.at,
                ":last": { name: "SERVICE_DELETED", ...FORGED },
                ":event": FORGED,
              }),
            }),
          );
          const { exitCode, stdout } = await context.ops(dev, "reconcile dev --apply --json");
          const { result } = JSON.parse(stdout) as {
            result?: { rowsAhead?: { tenantId: string; cure: string }[] };
          };
          const named = (result?.rowsAhead ?? []).map(({ tenantId, cure }) => `${tenantId}: ${cure}`).join();
          const expected = `${TENANT}: npm run ops -- forget-future dev --tenant ${TENANT} --reason "..."`;
          return judge(
            exitCode === 1 && named === expected,
            `exit code ${exitCode}, ${named}`,
            `exit code 1, ${expected}`,
          );
        },
      },
      {
        title: "ops forget-future dev, a dry run, changes nothing",
        run: async () => {
          const ended = await context.ops(dev, `forget-future dev --tenant ${TENANT} --reason rehearsed`);
          return ended.exitCode === 0 ? judgeStatus("DEPROVISIONED") : judgeExit(ended);
        },
      },
      {
        title: "ops forget-future dev --apply cures it",
        run: async () => {
          const ended = await context.ops(
            dev,
            `forget-future dev --tenant ${TENANT} --reason rehearsed --apply`,
          );
          return ended.exitCode === 0 ? judgeStatus("ACTIVE") : judgeExit(ended);
        },
      },
      {
        title: "ops reconcile dev finds nothing more",
        run: async () => judgeExit(await context.ops(dev, "reconcile dev")),
      },
    ],
  };
};

/** Says itself whose it is, names no service, and is of a time that nothing real outdoes. */
const forgedDeletion = ({
  environment,
  accountId,
  region,
}: RehearsalContext["dev"]["environment"]): Record<string, unknown> => ({
  version: "0",
  id: FORGED.id,
  "detail-type": "ECS Service Action",
  source: "aws.ecs",
  account: accountId,
  time: FORGED.at,
  region,
  resources: [],
  detail: {
    eventType: "INFO",
    eventName: "SERVICE_DELETED",
    createdAt: FORGED.at,
    tags: [
      { key: "bbws:tenant-id", value: TENANT },
      { key: "bbws:environment", value: environment },
    ],
  },
});
