import { DynamoDBClient } from "@aws-sdk/client-dynamodb";

/**
 * Limits of one request, in milliseconds. Both services answer at once, so that a request that takes seconds is better
 * tried again. Without throwOnRequestTimeout the SDK would only warn, and without socketTimeout wait forever for the rest
 * of an answer: a hung connection would use up the function's time.
 */
export const requestHandler = {
  connectionTimeout: 1000,
  requestTimeout: 2000,
  throwOnRequestTimeout: true,
  socketTimeout: 2000,
};

/** Throttled, failed and timed-out requests are tried up to this often, with the SDK's jittered backoff between. */
const maxAttempts = 4;

/** Every event is one UpdateItem: the client assembles the command's middleware once, not for each event. */
export const createDynamoDbClient = (): DynamoDBClient =>
  new DynamoDBClient({ maxAttempts, requestHandler, cacheMiddleware: true });
