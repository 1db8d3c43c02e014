import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { compareText } from "../checklist/compare-text.ts";
import { isObject } from "../checklist/is-object.ts";
import { parseJson } from "../checklist/parse-json.ts";
import type { AwsCall, AwsReply } from "./aws-call.ts";
import { createDynamoDbInMemory } from "./dynamodb-in-memory.ts";
import { internalError, replyAsDynamoDb } from "./dynamodb-reply.ts";
import { haveDynaliteParseOnce } from "./dynalite-parsers.ts";
import type { LentRow } from "./lent-row.ts";
import { TENANT_ID, tenantIdIn } from "./requested-tenant.ts";

/** A tenant's row, as it is in the table. */
export type TenantItem = Readonly<Record<string, unknown>>;

/** The tenant table, in a DynamoDB inside this process. */
export interface TenantTable {
  /**
   * What DynamoDB answers a container. What is about a row that is lent waits until it is back; where it would not come back, for
   * the container that has it waits for this one, it is answered with an error that the function may retry and reports.
   */
  answer(call: AwsCall, container: string): AwsReply | Promise<AwsReply>;
  /** Leaves a tenant's row to a container; undefined where one has it. */
  lend(tenantId: string, container: string): LentRow | undefined;
  /** @param item what the row has become; undefined where it has not changed. */
  takeBack(row: LentRow, item: unknown): void;
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
  const dynamoDb = createDynamoDbInMemory({ [tableName]: TENANT_ID, [servicesTable]: "service_arn" });
  const requests = new Map<string, number>();
  let answeringMs = 0;

  const lent = new Map<string, LentTo>();
  /** By container, the one whose row it waits for: each handles one event at a time, which asks for one row at a time. */
  const waits = new Map<string, string>();

  /** Whether what is lent to a container only comes back after the other has been answered. */
  const isWaitingFor = (container: string | undefined, other: string): boolean =>
    container !== undefined && (container === other || isWaitingFor(waits.get(container), other));

  const answerNow = (target: string, body: unknown, container: string): AwsReply => {
    const since = performance.now();
    if (isObject(body) && body["TableName"] === tableName)
      requests.set(container, (requests.get(container) ?? 0) + 1);
    const reply = replyAsDynamoDb(dynamoDb, target, body);
    answeringMs += performance.now() - since;
    return reply;
  };

  const answerWhenBack = (target: string, body: unknown, container: string): AwsReply | Promise<AwsReply> => {
    const about = isObject(body) && body["TableName"] === tableName ? tenantIdIn(body) : undefined;
    const row = typeof about === "string" ? lent.get(about) : undefined;
    if (row === undefined) return answerNow(target, body, container);
    if (isWaitingFor(row.container, container))
      return internalError(`The row of ${String(about)} is lent to an event that waits for this one`);
    waits.set(container, row.container);
    return row.back.then(() => {
      waits.delete(container);
      // Another may have it by now.
      return answerWhenBack(target, body, container);
    });
  };

  return {
    answer: ({ target, body }, container) => answerWhenBack(target, parseJson(body), container),
    lend: (tenantId, container) => {
      if (lent.has(tenantId)) return undefined;
      lent.set(tenantId, lentTo(container));
      const key = dynamoDb.keyOf(tableName, tenantId);
      return { tenantId, key, item: dynamoDb.items(tableName).get(key) };
    },
    takeBack: ({ tenantId, key }, item) => {
      if (item !== undefined) dynamoDb.items(tableName).set(key, item);
      const row = lent.get(tenantId);
      lent.delete(tenantId);
      row?.arrive();
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
        Key: marshall({ [TENANT_ID]: tenantId }),
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

interface LentTo {
  readonly container: string;
  readonly back: Promise<void>;
  readonly arrive: () => void;
}

const lentTo = (container: string): LentTo => {
  let arrive = (): void => undefined;
  const back = new Promise<void>((resolve) => (arrive = resolve));
  return { container, back, arrive };
};

const idOf = (row: TenantItem): string => String(row["tenant_id"]);
