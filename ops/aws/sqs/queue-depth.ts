import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** How many messages a queue has; SQS counts approximately. */
export interface QueueDepth {
  readonly waiting: number;
  /** Received by someone and not deleted yet. */
  readonly inFlight: number;
}

export const readQueueDepth = async (
  sqs: SQSClient,
  queueUrl: string,
  abortSignal: AbortSignal,
): Promise<QueueDepth> => {
  const { Attributes: attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    }),
    { abortSignal },
  );
  return {
    waiting: Number(attributes.ApproximateNumberOfMessages ?? 0),
    inFlight: Number(attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
};
