import { isObject } from "../checklist/is-object.ts";
import type { AwsReply } from "./aws-call.ts";
import { type DynamoDbInMemory, dynamoDbOperationOf } from "./dynamodb-in-memory.ts";

/** What DynamoDB answers by HTTP, whatever it is asked; trouble of its own, too, is the function's to retry and to report. */
export const replyAsDynamoDb = (
  dynamoDb: Pick<DynamoDbInMemory, "request">,
  target: string,
  body: unknown,
): AwsReply => {
  const operation = dynamoDbOperationOf(target);
  if (operation === undefined) return reply(400, { __type: UNKNOWN_OPERATION });
  if (!isObject(body)) return reply(400, { __type: SERIALIZATION });
  try {
    const answer = dynamoDb.request(operation, body);
    return reply(answer.status, answer.body);
  } catch (error) {
    return internalError(String(error));
  }
};

/** DynamoDB's own trouble. */
export const internalError = (message: string): AwsReply => reply(500, { __type: INTERNAL, message });

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
const UNKNOWN_OPERATION = "com.amazon.coral.service#UnknownOperationException";
const SERIALIZATION = "com.amazon.coral.service#SerializationException";
const INTERNAL = "com.amazonaws.dynamodb.v20120810#InternalServerError";

const reply = (status: number, body: unknown): AwsReply => ({ status, body: JSON.stringify(body) });
