import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { deadLetterQueuePolicy } from "./dead-letter-queue-policy.ts";
import { DEAD_LETTER_RETENTION_SECONDS } from "./dead-letter-retention.ts";

/** How long SQS may go on with a key before it asks KMS for another: its default. */
const DATA_KEY_SECONDS = 300;

export interface DeadLetterQueue {
  readonly queue: SqsQueue;
  /** Without it the queue takes nothing from EventBridge: what fails meanwhile is lost. */
  readonly policy: SqsQueuePolicy;
}

/** Where events end up that could not be processed, or not even be handed to the function. */
export const addDeadLetterQueue = (stack: TerraformStack, environment: Environment): DeadLetterQueue => {
  const key = environment.security?.kmsKeys?.queue;
  const queue = new SqsQueue(stack, "dead-letter-queue", {
    name: resourceNames(environment).deadLetterQueueName,
    messageRetentionSeconds: DEAD_LETTER_RETENTION_SECONDS,
    // SQS takes one or the other.
    ...(key === undefined
      ? { sqsManagedSseEnabled: true }
      : { kmsMasterKeyId: key, kmsDataKeyReusePeriodSeconds: DATA_KEY_SECONDS }),
  });
  const policy = new SqsQueuePolicy(stack, "dead-letter-queue-policy", {
    queueUrl: queue.url,
    policy: JSON.stringify(deadLetterQueuePolicy(environment)),
  });
  return { queue, policy };
};
