import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { MalformedRowError } from "./errors.ts";
import type { EventMemory } from "./event-memory.ts";
import type { Item } from "./item.ts";
import { type MemoryAttribute, readMemory } from "./memory-attribute.ts";
import { ATTRIBUTES, type RowAddress } from "./row-attributes.ts";
import type { TenantRowAttributes } from "./tenant-row-attributes.ts";
import type { TransitionTable } from "./transition-table.ts";
import { validateTenantRow } from "./validators.ts";
import { listViolations } from "./violations.ts";

/** What a tenant's row says. */
export interface TenantRow {
  readonly status?: string | undefined;
  readonly ecsStatus?: string | undefined;
  readonly serviceArn?: string | undefined;
  readonly events: EventMemory;
}

/** A row that an event is to be merged into. */
export interface StoredRow extends TenantRow {
  readonly revision: number | undefined;
  /** `events` as it stands, of the names that the table has; undefined when the row has no such map. */
  readonly memoryAttribute: MemoryAttribute | undefined;
  readonly statusSince: Readonly<Record<string, unknown>>;
  readonly lastEventId: unknown;
  readonly updatedAt: unknown;
}

/**
 * Reads a row as DynamoDB returned it. NULL counts as absent: Python writers store None so. What `events` has under
 * names that the table does not know, another version of the handler left there: it is not read.
 * @throws {MalformedRowError} naming every attribute that does not have the form in which the handler writes it.
 */
export const parseTenantRow = (item: Item, address: RowAddress, table: TransitionTable): StoredRow => {
  const attributes = unmarshall(
    withoutNulls(pick(item, [...Object.values(ATTRIBUTES), address.statusAttribute], table.names)),
  );
  const status: unknown = attributes[address.statusAttribute];
  if (!isValid(attributes) || (status !== undefined && typeof status !== "string")) {
    // Stryker disable next-line StringLiteral: a row is an object, and the schema asks nothing of it as a whole
    const violations = listViolations(validateTenantRow.errors, "the row");
    if (status !== undefined && typeof status !== "string")
      violations.push(`/${address.statusAttribute} must be string`);
    throw new MalformedRowError(address.tenantId, violations);
  }
  return {
    status,
    ecsStatus: attributes.ecs_status,
    serviceArn: attributes.service_arn,
    revision: attributes.revision,
    events: readMemory(attributes.events ?? {}),
    memoryAttribute: attributes.events,
    statusSince: isRecord(attributes.status_since) ? attributes.status_since : {},
    lastEventId: isRecord(attributes.last_event) ? attributes.last_event["id"] : undefined,
    updatedAt: attributes.updated_at,
  };
};

/** Of what the schema leaves open, nothing is taken for granted. */
type ValidRow = TenantRowAttributes & Readonly<Record<"status_since" | "last_event" | "updated_at", unknown>>;

const isValid = (attributes: unknown): attributes is ValidRow => validateTenantRow(attributes);

/** Not of null, which withoutNulls has taken away. */
const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object";

/** The attributes that are ours; of the events, those of the names given. */
const pick = (item: Item, attributes: readonly string[], names: readonly string[]): Item => {
  const picked = only(item, attributes);
  const events = picked[ATTRIBUTES.events]?.M;
  return events === undefined ? picked : { ...picked, [ATTRIBUTES.events]: { M: only(events, names) } };
};

const only = (item: Item, names: readonly string[]): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name)));

const withoutNulls = (item: Item): Record<string, AttributeValue> =>
  Object.fromEntries(
    Object.entries(item)
      .filter(([, value]) => value.NULL === undefined)
      .map(([name, value]) => [name, value.M === undefined ? value : { M: withoutNulls(value.M) }]),
  );
