import { GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { isNotFound } from "../explain-error.ts";
import type { Context } from "../../context.ts";
import { ObstacleError } from "../../../checklist/errors.ts";

/** @throws {ObstacleError} when the environment has no dead-letter queue. */
export const findQueueUrl = async ({
  aws,
  names: { deadLetterQueueName },
  environment,
  signal,
}: Context): Promise<string> => {
  try {
    const { QueueUrl = "" } = await aws.sqs.send(new GetQueueUrlCommand({ QueueName: deadLetterQueueName }), {
      abortSignal: signal,
    });
    return QueueUrl;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new ObstacleError(`there is no queue ${deadLetterQueueName}`, {
      hint: "Deploy the environment first",
      next: `npm run ops -- deploy ${environment.environment}`,
      cause: error,
    });
  }
};
