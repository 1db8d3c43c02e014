import type { IncomingMessage, ServerResponse } from "node:http";
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  paginateScan,
  PutItemCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import dynalite from "dynalite";
import { haveDynaliteParseOnce } from "./dynalite-parsers.ts";
import { listenLocally } from "./local-server.ts";
import { compareText } from "../checklist/compare-text.ts";

/** A tenant's row, as it is in the table. */
export type TenantItem = Readonly<Record<string, unknown>>;

/** The tenant table, in a DynamoDB inside this process. */
export interface TenantTable {
  readonly endpoint: string;
  readonly tableName: string;
  /** The requests for this table that its DynamoDB has had with this access key; those for other tables do not count. */
  requestCount(accessKeyId: string): number;
  /** From the arrival of each request of the function, for whichever table, to its answer, all together, in milliseconds. */
  answeringMs(): number;
  put(row: object): Promise<void>;
  get(tenantId: string): Promise<TenantItem | undefined>;
  /** Every row, sorted by id. */
  all(): Promise<TenantItem[]>;
  close(): Promise<void>;
}

/** What this process itself signs with; the function has other keys. */
const OWN_ACCESS_KEY_ID = "local";

export const openTenantTable = async (tableName: string): Promise<TenantTable> => {
  haveDynaliteParseOnce();
  const server = dynalite({ createTableMs: 0 });
  /** By the access key that they are signed with. */
  const requests = new Map<string, number>();
  let answeringMs = 0;
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    const since = performance.now();
    const accessKeyId = accessKeyIdOf(request);
    response.once("finish", () => {
      if (accessKeyId !== OWN_ACCESS_KEY_ID) answeringMs += performance.now() - since;
    });
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    // One that breaks off has not reached the table.
    request.on("end", () => {
      if (!isFor(tableName, Buffer.concat(chunks).toString())) return;
      requests.set(accessKeyId, (requests.get(accessKeyId) ?? 0) + 1);
    });
  });
  const { endpoint, ...listening } = await listenLocally(server);
  const client = new DynamoDBClient({
    endpoint,
    region: "local",
    credentials: { accessKeyId: OWN_ACCESS_KEY_ID, secretAccessKey: "local" },
  });
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "tenant_id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "tenant_id", KeyType: "HASH" }],
    }),
  );
  await waitUntilTableExists(
    { client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 },
    { TableName: tableName },
  );

  return {
    endpoint,
    tableName,
    requestCount: (accessKeyId) => requests.get(accessKeyId) ?? 0,
    answeringMs: () => answeringMs,
    put: async (row) => {
      await client.send(new PutItemCommand({ TableName: tableName, Item: marshall(row) }));
    },
    get: async (tenantId) => {
      const { Item: item } = await client.send(
        new GetItemCommand({
          TableName: tableName,
          Key: marshall({ tenant_id: tenantId }),
          ConsistentRead: true,
        }),
      );
      return item === undefined ? undefined : unmarshall(item);
    },
    all: async () => {
      const rows: TenantItem[] = [];
      for await (const { Items: items = [] } of paginateScan(
        { client },
        { TableName: tableName, ConsistentRead: true },
      )) {
        rows.push(...items.map((item) => unmarshall(item)));
      }
      return rows.sort((a, b) => compareText(idOf(a), idOf(b)));
    },
    close: async () => {
      client.destroy();
      await listening.close();
    },
  };
};

/** The SDK writes its JSON without spaces; whatever else may come here is for no table. */
const isFor = (tableName: string, body: string): boolean =>
  body.includes(`"TableName":${JSON.stringify(tableName)}`);

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
const accessKeyIdOf = ({ headers: { authorization = "" } }: IncomingMessage): string =>
  /Credential=([^/]*)\//.exec(authorization)?.[1] ?? "";

const idOf = (row: TenantItem): string => String(row["tenant_id"]);
