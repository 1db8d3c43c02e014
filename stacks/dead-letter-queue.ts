import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { type PolicyDocument, policyDocument } from "./policy-document.ts";

/** The longest that SQS keeps a message. */
const RETENTION_SECONDS = 14 * 24 * 60 * 60;

/** Where events end up that could not be processed, or not even be handed to the function. */
export const addDeadLetterQueue = (stack: TerraformStack, environment: Environment): SqsQueue => {
  const queue = new SqsQueue(stack, "dead-letter-queue", {
    name: resourceNames(environment).deadLetterQueueName,
    messageRetentionSeconds: RETENTION_SECONDS,
    sqsManagedSseEnabled: true,
  });
  new SqsQueuePolicy(stack, "dead-letter-queue-policy", {
    queueUrl: queue.url,
    policy: JSON.stringify(deadLetterQueuePolicy(environment)),
  });
  return queue;
};

/** Who may send to the queue: EventBridge for the two rules. The function does so by its own role. */
const deadLetterQueuePolicy = (environment: Environment): PolicyDocument => {
  const { deadLetterQueueArn, ruleArns } = resourceNames(environment);
  return policyDocument({
    Sid: "ParkUndeliveredEvents",
    Effect: "Allow",
    Principal: { Service: "events.amazonaws.com" },
    Action: "sqs:SendMessage",
    Resource: deadLetterQueueArn,
    Condition: { ArnEquals: { "aws:SourceArn": [ruleArns.serviceAction, ruleArns.deploymentStateChange] } },
  });
};
