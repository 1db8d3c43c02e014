import { createDynamoDbInMemory, dynamoDbOperationOf } from "../local/dynamodb-in-memory.ts";
import { refusal, type Service } from "./service.ts";

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

/** A DynamoDB that is throttled; a request takes no time but what is simulated. */
export const createDynamoDb = ({ tables, latencyMs, throttles }: DynamoDbOptions): DynamoDb => {
  const requests = new Map<string, number>();
  const dynamoDb = createDynamoDbInMemory(tables);

  const service: Service = ({ target, body }) => {
    const operation = dynamoDbOperationOf(target);
    if (operation === undefined) {
      return refusal(0, "UnknownOperationException", `${target} is not simulated`);
    }
    const table = String(body["TableName"]);
    const counted = `${operation} ${table}`;
    requests.set(counted, (requests.get(counted) ?? 0) + 1);
    if (operation !== "GetItem" && throttles(table)) {
      return refusal(latencyMs(), "ThrottlingException", "Throughput exceeds the table's limit");
    }
    return { afterMs: latencyMs(), ...dynamoDb.request(operation, body) };
  };
  return { service, requests, items: dynamoDb.items };
};
