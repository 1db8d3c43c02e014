import { pass } from "../../checklist/check.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { declareEnvironmentCommand, noOptions } from "../command.ts";
import type { Context } from "../context.ts";
import { type QueueDepth, readQueueDepth } from "../aws/sqs/queue-depth.ts";
import { describeInFlight } from "../dlq/with-held-messages.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";

export const dlqCount = declareEnvironmentCommand({
  name: "dlq count",
  summary: "count the messages in the dead-letter queue",
  description:
    "Counts the messages in the dead-letter queue. SQS counts approximately. Messages in flight are being read by " +
    "someone, or were read by a command that was killed and will return.",
  examples: ["dlq count prod", "dlq count dev --json"],
  options: noOptions,
  plan: (context) => count(context),
});

const count = (context: Context): Checklist => {
  let depth: QueueDepth | undefined;
  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      {
        title: context.names.deadLetterQueueName,
        run: async () => {
          depth = await readQueueDepth(context.aws.sqs, await findQueueUrl(context), context.signal);
          return pass(`${depth.waiting} waiting, ${depth.inFlight} in flight`);
        },
      },
    ],
    result: () =>
      depth && {
        data: { queue: context.names.deadLetterQueueName, ...depth },
        text: [
          `${depth.waiting + depth.inFlight} messages`,
          ...(depth.inFlight === 0 ? [] : [describeInFlight(depth.inFlight)]),
        ].join("\n"),
      },
  };
};
