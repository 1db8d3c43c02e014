import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Configuration } from "./configuration.ts";
import { MalformedRowError, TenantStoreError } from "./errors.ts";
import { remember } from "./event-memory.ts";
import { Expression } from "./expression.ts";
import { fastPathUpdate } from "./fast-path.ts";
import { mergePathUpdate } from "./merge-path.ts";
import type { TenantEvent } from "./tenant-event.ts";
import { ATTRIBUTES, parseTenantRow, type RowAddress, type TenantRow } from "./tenant-row.ts";
import { foldMemory, mergedStatus } from "./tenant-state.ts";
import type { TransitionTable } from "./transition-table.ts";

/** What became of an event in the store. */
export type Recorded =
  | { readonly kind: "recorded"; readonly status: string; readonly previousStatus: string | undefined }
  /** The row has this very event already. */
  | { readonly kind: "duplicate" }
  | { readonly kind: "unknown_tenant" };

export interface TenantStore {
  /**
   * Records an event on its tenant's row; never creates a row.
   * @throws {TenantStoreError} when DynamoDB fails, or others keep changing the row.
   * @throws {MalformedRowError} when the row cannot be read as a tenant's.
   */
  record(tenantId: string, event: TenantEvent, signal: AbortSignal): Promise<Recorded>;
}

export interface TenantStoreDependencies {
  readonly dynamoDb: DynamoDBClient;
  readonly configuration: Pick<Configuration, "tenantsTable" | "tenantKey" | "statusAttribute">;
  readonly table: TransitionTable;
  readonly now: () => Date;
  /** Waits; rejects when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** Others win the race for a row this often in a row only if something is badly wrong. */
const MAX_ATTEMPTS = 20;
const MAX_WAIT_MS = 400;

export const createTenantStore = ({
  dynamoDb,
  configuration,
  table,
  now,
  wait,
}: TenantStoreDependencies): TenantStore => {
  const recordInOrder = async (address: RowAddress, event: TenantEvent): Promise<Recorded | undefined> => {
    // Sent without options, as only then the client keeps the middleware that it made for the command (see
    // aws-clients.ts). What bounds this one request is the client's own timeouts and attempts.
    const { Attributes: before = {} } = await dynamoDb.send(
      new UpdateItemCommand(fastPathUpdate(address, event, table, now())),
    );
    return {
      kind: "recorded",
      status: event.rule.status,
      // A string or absent: the condition has seen to it.
      previousStatus: before[address.statusAttribute]?.S,
    };
  };

  const recordMerged = async (
    address: RowAddress,
    event: TenantEvent,
    abortSignal: AbortSignal,
  ): Promise<Recorded> => {
    const row = await readRow(address, abortSignal);
    if (row === undefined) return { kind: "unknown_tenant" };

    const events = remember(row.events, event.occurrence);
    const state = foldMemory(events, table);
    if (state === undefined) throw new Error(`${event.occurrence.name} is not in the transition table`);
    if (events === row.events) {
      if (events[event.occurrence.name]?.id === event.occurrence.id) return { kind: "duplicate" };
      // A newer event of the same name is remembered already: this one can change nothing any more.
      return { kind: "recorded", status: row.status ?? state.status, previousStatus: row.status };
    }

    const status = mergedStatus(row, event, state, table);
    await dynamoDb.send(
      new UpdateItemCommand(mergePathUpdate(address, row, event, events, state, status, now())),
      { abortSignal },
    );
    return { kind: "recorded", status, previousStatus: row.status };
  };

  const readRow = async (address: RowAddress, abortSignal: AbortSignal): Promise<TenantRow | undefined> => {
    const expression = new Expression();
    const projection = [
      ...Object.keys(address.key),
      address.statusAttribute,
      ATTRIBUTES.ecsStatus,
      ATTRIBUTES.events,
      ATTRIBUTES.revision,
      ATTRIBUTES.serviceArn,
    ].map((attribute) => expression.path(attribute));
    const { Item: item } = await dynamoDb.send(
      new GetItemCommand({
        TableName: address.tableName,
        Key: marshall(address.key),
        ConsistentRead: true,
        ProjectionExpression: projection.join(", "),
        ExpressionAttributeNames: expression.names,
      }),
      { abortSignal },
    );
    return item === undefined ? undefined : parseTenantRow(item, address);
  };

  const record = async (address: RowAddress, event: TenantEvent, signal: AbortSignal): Promise<Recorded> => {
    const recorded = await unlessConditionFails(recordInOrder(address, event));
    if (recorded !== undefined) return recorded;

    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      const merged = await unlessConditionFails(recordMerged(address, event, signal));
      if (merged !== undefined) return merged;
      // Full jitter: writers that met once should not meet again.
      await wait(Math.random() * Math.min(MAX_WAIT_MS, 10 * 2 ** attempt), signal);
    }
    throw new Error(`others kept changing the row during ${MAX_ATTEMPTS} attempts`);
  };

  return {
    record: async (tenantId, event, signal) => {
      const address = {
        tenantId,
        tableName: configuration.tenantsTable,
        key: keyOf(configuration.tenantKey, tenantId),
        statusAttribute: configuration.statusAttribute,
      };
      try {
        return await record(address, event, signal);
      } catch (error) {
        throw error instanceof MalformedRowError ? error : new TenantStoreError(tenantId, error);
      }
    },
  };
};

const keyOf = (template: Readonly<Record<string, string>>, tenantId: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(template).map(([attribute, value]) => [
      attribute,
      value.replaceAll("{tenantId}", () => tenantId),
    ]),
  );

const unlessConditionFails = async <T>(write: Promise<T>): Promise<T | undefined> => {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
};
