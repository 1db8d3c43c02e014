import { DynamoDBClient, UpdateItemCommand, type UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";

/** Nothing but the AWS SDK, sending the very request that the handler sends. */
const client = new DynamoDBClient({});
// eslint-disable-next-line no-restricted-syntax -- a function's edge
const input = JSON.parse(process.env["REQUEST"] ?? "{}") as UpdateItemCommandInput;

export const handler = (): Promise<unknown> => client.send(new UpdateItemCommand(input));
