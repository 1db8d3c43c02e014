import getItem from "dynalite/actions/getItem.js";
import putItem from "dynalite/actions/putItem.js";
import updateItem from "dynalite/actions/updateItem.js";
import { createKey } from "dynalite/db/index.js";
import * as validations from "dynalite/validations/index.js";
import * as getItemRules from "dynalite/validations/getItem.js";
import * as putItemRules from "dynalite/validations/putItem.js";
import * as updateItemRules from "dynalite/validations/updateItem.js";

const OPERATIONS = {
  GetItem: { act: getItem, rules: getItemRules },
  PutItem: { act: putItem, rules: putItemRules },
  UpdateItem: { act: updateItem, rules: updateItemRules },
} as const;

/** What DynamoDB answers: an HTTP status, and the body before it is written as JSON. */
export interface DynamoDbAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** What the function asks of DynamoDB; it uses no other operations. */
export type DynamoDbOperation = keyof typeof OPERATIONS;

/** Tables in memory that answer at once. */
export interface DynamoDbInMemory {
  readonly request: (operation: DynamoDbOperation, body: Readonly<Record<string, unknown>>) => DynamoDbAnswer;
  /** The items of a table, by dynalite's own key. */
  readonly items: (table: string) => Map<string, unknown>;
  /** dynalite's own key of the item whose key attribute has this value. */
  readonly keyOf: (table: string, value: string) => string;
}

/**
 * DynamoDB's validation, conditions and updates as dynalite has them, without its server and its asynchronous store.
 * @param tables the key attribute of each table, a string.
 */
export const createDynamoDbInMemory = (tables: Readonly<Record<string, string>>): DynamoDbInMemory => {
  const contents = new Map(Object.keys(tables).map((name) => [name, new Map<string, unknown>()]));
  const items = (table: string): Map<string, unknown> => {
    const found = contents.get(table);
    if (found === undefined) throw new Error(`There is no table ${table}`);
    return found;
  };
  const store = synchronousStore(tables, items);
  return {
    request: (operation, body) => perform(operation, body, store),
    items,
    keyOf: (table, value) => {
      const key = tables[table] ?? "";
      return createKey({ [key]: { S: value } }, describeTable(table, key));
    },
  };
};

/** @returns undefined for an operation that the function does not use. */
export const dynamoDbOperationOf = (target: string): DynamoDbOperation | undefined => {
  const operation = target.startsWith(API) ? target.slice(API.length) : "";
  return isKnown(operation) ? operation : undefined;
};

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html */
const API = "DynamoDB_20120810.";

const isKnown = (operation: string): operation is DynamoDbOperation => Object.hasOwn(OPERATIONS, operation);

const perform = (operation: DynamoDbOperation, body: object, store: unknown): DynamoDbAnswer => {
  const { act, rules } = OPERATIONS[operation];
  let answer: DynamoDbAnswer | undefined;
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

const refused = (error: unknown): DynamoDbAnswer => {
  if (!isRefused(error)) throw error;
  return { status: error.statusCode, body: error.body };
};

type Callback = (error: unknown, result?: unknown) => void;

/** As DynamoDB answers. */
const noSuchTable = (): Refused =>
  Object.assign(new Error("Requested resource not found"), {
    statusCode: 400,
    body: {
      __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
      message: "Requested resource not found",
    },
  });

const describeTable = (name: string, key: string): object => ({
  TableName: name,
  TableStatus: "ACTIVE",
  KeySchema: [{ AttributeName: key, KeyType: "HASH" }],
  AttributeDefinitions: [{ AttributeName: key, AttributeType: "S" }],
});

/** The store that dynalite's actions ask, answering within the call. */
const synchronousStore = (
  tables: Readonly<Record<string, string>>,
  items: (table: string) => Map<string, unknown>,
): unknown => ({
  options: { maxItemSize: 400 * 1024 },
  getTable: (name: string, ...rest: (boolean | Callback)[]) => {
    const callback = rest.at(-1);
    const key = tables[name];
    if (typeof callback !== "function") throw new Error("getTable needs a callback");
    if (key === undefined) callback(noSuchTable());
    else callback(null, describeTable(name, key));
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
