import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { compareText } from "../checklist/compare-text.ts";
import { isObject } from "../checklist/is-object.ts";
import { parseJson } from "../checklist/parse-json.ts";
import type { AwsCall, AwsReply } from "./aws-call.ts";
import { createDynamoDbInMemory } from "./dynamodb-in-memory.ts";
import { replyAsDynamoDb } from "./dynamodb-reply.ts";
import { haveDynaliteParseOnce } from "./dynalite-parsers.ts";

/** A tenant's row, as it is in the table. */
export type TenantItem = Readonly<Record<string, unknown>>;

/** The tenant table, in a DynamoDB inside this process. */
export interface TenantTable {
  /** What DynamoDB answers a container. */
  answer(call: AwsCall, container: string): AwsReply;
  /** The requests of a container for this table; those for the directory of services do not count. */
  requestCount(container: string): number;
  /** What answering took, all together, in milliseconds. */
  answeringMs(): number;
  put(row: object): void;
  get(tenantId: string): TenantItem | undefined;
  /** Every row, sorted by id. */
  all(): TenantItem[];
}

/** @param servicesTable the directory's table, empty as the function finds it after the first deployment. */
export const createTenantTable = (tableName: string, servicesTable: string): TenantTable => {
  haveDynaliteParseOnce();
  const dynamoDb = createDynamoDbInMemory({ [tableName]: "tenant_id", [servicesTable]: "service_arn" });
  const requests = new Map<string, number>();
  let answeringMs = 0;

  const perform = ({ target, body: text }: AwsCall, container: string): AwsReply => {
    const body = parseJson(text);
    if (isObject(body) && body["TableName"] === tableName)
      requests.set(container, (requests.get(container) ?? 0) + 1);
    return replyAsDynamoDb(dynamoDb, target, body);
  };

  return {
    answer: (call, container) => {
      const since = performance.now();
      const answered = perform(call, container);
      answeringMs += performance.now() - since;
      return answered;
    },
    requestCount: (container) => requests.get(container) ?? 0,
    answeringMs: () => answeringMs,
    put: (row) => {
      // As by a request: DynamoDB refuses rows of which it could not hold one.
      const { status, body } = dynamoDb.request("PutItem", { TableName: tableName, Item: marshall(row) });
      if (status !== 200) throw new Error(`The row cannot be put: ${JSON.stringify(body)}`);
    },
    get: (tenantId) => {
      const { body } = dynamoDb.request("GetItem", {
        TableName: tableName,
        Key: marshall({ tenant_id: tenantId }),
      });
      return isObject(body) && isItem(body["Item"]) ? unmarshall(body["Item"]) : undefined;
    },
    all: () =>
      [...dynamoDb.items(tableName).values()]
        .filter(isItem)
        .map((item) => unmarshall(item))
        .sort((a, b) => compareText(idOf(a), idOf(b))),
  };
};

type StoredItem = Parameters<typeof unmarshall>[0];

const isItem = (value: unknown): value is StoredItem => isObject(value);

const idOf = (row: TenantItem): string => String(row["tenant_id"]);
