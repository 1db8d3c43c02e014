import { type Checklist, pass } from "../../checklist/check.ts";
import { rightAccount } from "../checks/account.ts";
import { createEnvironmentCommand, type Run } from "../cli/command.ts";
import type { Context } from "../context.ts";
import { type QueueDepth, readQueueDepth } from "../aws/sqs/queue-depth.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";

export const dlqCountCommand = (run: Run) =>
  createEnvironmentCommand({
    name: "count",
    summary: "how many messages are in the queue",
    description:
      "Counts the messages of the dead-letter queue, as SQS does: approximately. Those in flight are being " +
      "read by someone, or were by someone who has crashed.",
    examples: ["dlq count prod", "dlq count dev --json"],
  }).action((environment, options) => run({ command: "dlq count", environment, options, plan: dlqCount }));

const dlqCount = (context: Context): Checklist => {
  let depth: QueueDepth | undefined;
  return {
    checks: [
      rightAccount(context),
      {
        title: context.names.deadLetterQueueName,
        dependent: true,
        run: async () => {
          depth = await readQueueDepth(context.aws.sqs, await findQueueUrl(context), context.signal);
          return pass(`${depth.waiting} waiting, ${depth.inFlight} in flight`);
        },
      },
    ],
    result: () =>
      depth && {
        data: { queue: context.names.deadLetterQueueName, ...depth },
        text: `${depth.waiting + depth.inFlight} messages`,
      },
  };
};
