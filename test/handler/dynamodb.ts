import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { promisify } from "node:util";
import type { AddressInfo } from "node:net";
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import dynalite from "dynalite";

/** A table of a real DynamoDB implementation. */
export interface TestTable extends Rows {
  readonly endpoint: string;
}

/** A table's rows, as the SDK's client reads and writes them. */
export interface Rows {
  readonly client: DynamoDBClient;
  readonly name: string;
  put(row: Record<string, unknown>): Promise<void>;
  get(key: Record<string, string>): Promise<Record<string, unknown> | undefined>;
  remove(key: Record<string, string>): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates a table in the DynamoDB at `DYNAMODB_ENDPOINT` where that is set (Amazon's DynamoDB Local, say), otherwise
 * in dynalite, started for it, or beside another table.
 */
export const createTestTable = async (
  keyAttributes: readonly string[] = ["tenant_id"],
  beside?: TestTable,
): Promise<TestTable> => {
  // eslint-disable-next-line no-restricted-syntax -- the one switch of the tests that use DynamoDB
  const given = beside?.endpoint ?? process.env["DYNAMODB_ENDPOINT"];
  const server = given === undefined ? dynalite({ createTableMs: 0 }) : undefined;
  if (server !== undefined) await once(server.listen(0, "127.0.0.1"), "listening");
  const endpoint = given ?? `http://127.0.0.1:${(server?.address() as AddressInfo).port}`;

  const client = new DynamoDBClient({
    endpoint,
    region: "af-south-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  const name = `tenants-${randomUUID()}`;
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: keyAttributes.map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
      KeySchema: keyAttributes.map((AttributeName, index) => ({
        AttributeName,
        KeyType: index === 0 ? "HASH" : "RANGE",
      })),
    }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 }, { TableName: name });

  return {
    endpoint,
    ...rowsOf(client, name, async () => {
      if (server !== undefined) await promisify(server.close.bind(server))();
    }),
  };
};

/** @param stop ends what serves the table, which `close` does after the client. */
export const rowsOf = (client: DynamoDBClient, name: string, stop?: () => Promise<void>): Rows => ({
  client,
  name,
  put: async (row) => {
    await client.send(new PutItemCommand({ TableName: name, Item: marshall(row) }));
  },
  get: async (key) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: name, Key: marshall(key), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : unmarshall(Item);
  },
  remove: async (key) => {
    await client.send(new DeleteItemCommand({ TableName: name, Key: marshall(key) }));
  },
  close: async () => {
    client.destroy();
    await stop?.();
  },
});
