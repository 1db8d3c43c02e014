import { randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { type HttpRequest, HttpResponse } from "@smithy/core/protocols";
import { createDynamoDbInMemory } from "../../local/dynamodb-in-memory.ts";
import { replyAsDynamoDb } from "../../local/dynamodb-reply.ts";
import { createTestTable, type Rows, rowsOf } from "./dynamodb.ts";

/**
 * A table for tests that ask very much of it: dynalite's validation, conditions and updates, which the SDK's client asks without a
 * server between them. Where `DYNAMODB_ENDPOINT` is set, a table of the DynamoDB there.
 */
export const createFastTestTable = async (): Promise<Rows> => {
  // eslint-disable-next-line no-restricted-syntax -- the one switch of the tests that use DynamoDB
  if (process.env["DYNAMODB_ENDPOINT"] !== undefined) return createTestTable();
  const name = `tenants-${randomUUID()}`;
  const dynamoDb = createDynamoDbInMemory({ [name]: "tenant_id" });
  const client = new DynamoDBClient({
    region: "af-south-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    requestHandler: {
      handle: ({ headers, body }: HttpRequest) => {
        const reply = replyAsDynamoDb(
          dynamoDb,
          headers["x-amz-target"] ?? "",
          JSON.parse(new TextDecoder().decode(body as Uint8Array)),
        );
        return Promise.resolve({
          response: new HttpResponse({
            statusCode: reply.status,
            headers: { "content-type": "application/x-amz-json-1.0" },
            body: Buffer.from(reply.body),
          }),
        });
      },
    },
  });
  return rowsOf(client, name);
};
