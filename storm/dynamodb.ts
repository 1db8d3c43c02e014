import getItem from "dynalite/actions/getItem.js";
import putItem from "dynalite/actions/putItem.js";
import updateItem from "dynalite/actions/updateItem.js";
import * as validations from "dynalite/validations/index.js";
import * as getItemRules from "dynalite/validations/getItem.js";
import * as putItemRules from "dynalite/validations/putItem.js";
import * as updateItemRules from "dynalite/validations/updateItem.js";
import { refusal, type Service, type ServiceAnswer } from "./service.ts";

const OPERATIONS = {
  GetItem: { act: getItem, rules: getItemRules },
  PutItem: { act: putItem, rules: putItemRules },
  UpdateItem: { act: updateItem, rules: updateItemRules },
} as const;

export interface DynamoDbOptions {
  /** The key attribute of each table. */
  readonly tables: Readonly<Record<string, string>>;
  readonly latencyMs: () => number;
  /** Whether a write to this table is throttled now. */
  readonly throttles: (table: string) => boolean;
}

export interface DynamoDb {
  readonly service: Service;
  /** How many requests each table has had, such as `UpdateItem bbws-tenants-dev`. */
  readonly requests: ReadonlyMap<string, number>;
  /** The items of a table, by the value of their key. */
  items(table: string): Map<string, unknown>;
}

/**
 * DynamoDB's validation, conditions and updates as dynalite has them, over tables in memory that answer at once: a
 * request takes no time but what is simulated.
 */
export const createDynamoDb = ({ tables, latencyMs, throttles }: DynamoDbOptions): DynamoDb => {
  const requests = new Map<string, number>();
  const contents = new Map(Object.keys(tables).map((name) => [name, new Map<string, unknown>()]));
  const items = (table: string): Map<string, unknown> => {
    const found = contents.get(table);
    if (found === undefined) throw new Error(`There is no table ${table}`);
    return found;
  };
  const store = synchronousStore(tables, items);

  const service: Service = ({ target, body }) => {
    const [, operation = ""] = /^DynamoDB_20120810\.(.*)$/.exec(target) ?? [];
    if (!isKnown(operation)) {
      return refusal(0, "UnknownOperationException", `${target} is not simulated`);
    }
    const table = String(body["TableName"]);
    const counted = `${operation} ${table}`;
    requests.set(counted, (requests.get(counted) ?? 0) + 1);
    if (operation !== "GetItem" && throttles(table)) {
      return refusal(latencyMs(), "ThrottlingException", "Throughput exceeds the table's limit");
    }
    return { afterMs: latencyMs(), ...perform(operation, body, store) };
  };
  return { service, requests, items };
};

const isKnown = (operation: string): operation is keyof typeof OPERATIONS =>
  Object.hasOwn(OPERATIONS, operation);

type OperationAnswer = Exclude<Pick<Exclude<ServiceAnswer, "silence">, "status" | "body">, "silence">;

const perform = (operation: keyof typeof OPERATIONS, body: object, store: unknown): OperationAnswer => {
  const { act, rules } = OPERATIONS[operation];
  let answer: OperationAnswer | undefined;
  try {
    const data = validations.checkTypes(body, rules.types);
    validations.checkValidations(data, rules.types, rules.custom, store);
    act(store, data, (error, result) => {
      if (isTrouble(error)) throw error;
      answer = error instanceof Error ? refused(error) : { status: 200, body: result ?? {} };
    });
  } catch (error) {
    answer = refused(error);
  }
  if (answer === undefined) throw new Error(`${operation} has not been answered at once`);
  return answer;
};

interface Refused extends Error {
  readonly statusCode: number;
  readonly body: unknown;
}

const isRefused = (error: unknown): error is Refused =>
  error instanceof Error && "statusCode" in error && "body" in error;

const isTrouble = (error: unknown): boolean => error instanceof Error && !isRefused(error);

const refused = (error: unknown): OperationAnswer => {
  if (!isRefused(error)) throw error;
  return { status: error.statusCode, body: error.body };
};

type Callback = (error: unknown, result?: unknown) => void;

/** The store that dynalite's actions ask, answering within the call. */
const synchronousStore = (
  tables: Readonly<Record<string, string>>,
  items: (table: string) => Map<string, unknown>,
): unknown => ({
  options: { maxItemSize: 400 * 1024 },
  getTable: (name: string, ...rest: (boolean | Callback)[]) => {
    const callback = rest.at(-1);
    const key = tables[name];
    if (typeof callback !== "function" || key === undefined) throw new Error(`There is no table ${name}`);
    callback(null, {
      TableName: name,
      TableStatus: "ACTIVE",
      KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
      AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
    });
  },
  getItemDb: (name: string) => ({
    lock: (_key: string, locked: (release: (done: Callback) => Callback) => void) => {
      locked((done) => done);
    },
    get: (key: string, callback: Callback) => {
      const item = items(name).get(key);
      if (item === undefined) callback(Object.assign(new Error("not found"), { name: "NotFoundError" }));
      else callback(null, item);
    },
    put: (key: string, item: unknown, callback: Callback) => {
      items(name).set(key, item);
      callback(null);
    },
  }),
});
