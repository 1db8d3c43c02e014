import { type DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Configuration } from "./configuration.ts";
import { MalformedRowError, TenantStoreError } from "./errors.ts";
import { remember } from "./event-memory.ts";
import { Expression } from "./expression.ts";
import { fastPathUpdate } from "./fast-path.ts";
import type { Item } from "./item.ts";
import { lostRace, type Lost } from "./lost-race.ts";
import { mergePathUpdate } from "./merge-path.ts";
import { ATTRIBUTES, type RowAddress } from "./row-attributes.ts";
import { rowKey } from "./row-key.ts";
import type { TenantEvent } from "./tenant-event.ts";
import { parseTenantRow, type StoredRow } from "./tenant-row.ts";
import { foldMemory, meaningOf, mergedStatus } from "./tenant-state.ts";
import type { TransitionTable } from "./transition-table.ts";

/** What became of an event in the store. */
export type Recorded =
  | {
      readonly kind: "recorded";
      /** What the event means on this row: a completion may be a rollback's. */
      readonly event: string;
      readonly status: string;
      /** Undefined when there was none, and when it is not known any more. */
      readonly previousStatus: string | undefined;
      readonly changed: boolean;
      /** The service that the row named before, where the event names one, too. */
      readonly serviceArn: string | undefined;
    }
  /** The row has this very event already, or a newer one that makes it irrelevant. */
  | { readonly kind: "duplicate"; readonly serviceArn: string | undefined }
  | { readonly kind: "unknown_tenant" };

export interface TenantStore {
  /**
   * Records an event on its tenant's row; never creates a row.
   * @throws {TenantStoreError} when DynamoDB fails, or others keep changing the row.
   * @throws {MalformedRowError} when the row cannot be read as a tenant's.
   */
  record(tenantId: string, event: TenantEvent, signal: AbortSignal): Promise<Recorded>;
}

export interface TenantStoreContext {
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
/** Losing twice is nothing unusual: against a newer event, then against one that arrived at the same time. */
const PATIENCE = 2;

export const createTenantStore = ({
  dynamoDb,
  configuration,
  table,
  now,
  wait,
}: TenantStoreContext): TenantStore => {
  const recordInOrder = async (address: RowAddress, event: TenantEvent, at: Date): Promise<Recorded> => {
    // Sent without options, as only then the client keeps the middleware that it made for the command (see
    // aws-clients.ts). What bounds this one request is the client's own timeouts and attempts.
    const { Attributes: before = {} } = await dynamoDb.send(
      new UpdateItemCommand(fastPathUpdate(address, event, table, at)),
    );
    const { name, status } = event.rule;
    // Strings or absent: the condition has seen to it, or it was this handler that wrote them.
    const previousStatus = before[address.statusAttribute]?.S;
    return {
      kind: "recorded",
      event: name,
      status,
      previousStatus,
      changed: status !== previousStatus,
      serviceArn: before[ATTRIBUTES.serviceArn]?.S,
    };
  };

  const recordMerged = async (
    address: RowAddress,
    row: StoredRow,
    before: StoredRow | undefined,
    event: TenantEvent,
    at: Date,
    abortSignal: AbortSignal,
  ): Promise<Recorded> => {
    const events = remember(row.events, event.occurrence, table);
    if (events === row.events) return recognize(row, before, event, at);

    const state = foldMemory(events, table);
    if (state === undefined) throw new Error(`${event.occurrence.name} is not in the transition table`);
    const status = mergedStatus(row, event, state, table);
    const update = mergePathUpdate(address, row, event, { events, state, status }, table, at);
    await dynamoDb.send(new UpdateItemCommand(update), { abortSignal });
    return {
      kind: "recorded",
      event: meaningOf(event.occurrence, events, table),
      status,
      previousStatus: row.status,
      changed: status !== row.status,
      serviceArn: serviceBefore(event, row),
    };
  };

  /**
   * An event that adds nothing. It may have been this very call that wrote it, if DynamoDB's answer was lost.
   * @param before the row that the call saw last, without the event; undefined when it had sent its fast path only.
   */
  const recognize = (
    row: StoredRow,
    before: StoredRow | undefined,
    event: TenantEvent,
    at: Date,
  ): Recorded => {
    const { id } = event.occurrence;
    const isThere =
      before === undefined ? row.lastEventId === id : row.events.some((known) => known.id === id);
    if (!isThere || row.updatedAt !== at.toISOString() || row.status === undefined)
      return { kind: "duplicate", serviceArn: serviceBefore(event, row) };
    return {
      kind: "recorded",
      event: meaningOf(event.occurrence, row.events, table),
      status: row.status,
      previousStatus: before?.status,
      changed:
        before === undefined
          ? row.statusSince[row.status] === event.occurrence.at
          : row.status !== before.status,
      serviceArn: serviceBefore(event, before),
    };
  };

  const readItem = async (address: RowAddress, abortSignal: AbortSignal): Promise<Item | undefined> => {
    const expression = new Expression();
    const projection = [
      ...Object.keys(address.key),
      address.statusAttribute,
      ...Object.values(ATTRIBUTES),
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
    return item;
  };

  const record = async (address: RowAddress, event: TenantEvent, signal: AbortSignal): Promise<Recorded> => {
    // One time for all attempts: by it a write is recognized whose answer was lost.
    const at = now();
    let outcome: Recorded | Lost = await lostRace(recordInOrder(address, event, at));
    let before: StoredRow | undefined;

    for (let attempt = 1; outcome.kind === "lost" && attempt <= MAX_ATTEMPTS; attempt++) {
      let { item } = outcome;
      if (attempt > PATIENCE) {
        // Full jitter: writers that keep meeting should part. After the wait, the row that was seen is an old one.
        await wait(Math.random() * Math.min(MAX_WAIT_MS, 10 * 2 ** attempt), signal);
        item = undefined;
      }
      item ??= await readItem(address, signal);
      if (item === undefined) return { kind: "unknown_tenant" };
      const row = parseTenantRow(item, address, table);
      outcome = await lostRace(recordMerged(address, row, before, event, at, signal));
      before = row;
    }
    if (outcome.kind === "lost") throw new Error(`gave up after ${MAX_ATTEMPTS} conflicting writes`);
    return outcome;
  };

  return {
    record: async (tenantId, event, signal) => {
      const address = {
        tenantId,
        tableName: configuration.tenantsTable,
        key: rowKey(configuration.tenantKey, tenantId),
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

/** The service that the row named; of no interest where the event names none. */
const serviceBefore = ({ serviceArn }: TenantEvent, row: StoredRow | undefined): string | undefined =>
  serviceArn === undefined ? undefined : row?.serviceArn;
