import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import type { EventMemory } from "./event-memory.ts";
import { Expression } from "./expression.ts";
import { writeMemory } from "./memory-attribute.ts";
import { ATTRIBUTES, type RowAddress } from "./row-attributes.ts";
import { type AttributeChange, rowChange, set, setOrRemove } from "./row-change.ts";
import type { TenantEvent } from "./tenant-event.ts";
import type { StoredRow } from "./tenant-row.ts";
import { isLastEvent, type TenantState } from "./tenant-state.ts";
import type { TransitionTable } from "./transition-table.ts";
import { updateItem } from "./update-item.ts";

/** What merging an event into a row has led to. */
export interface Merged {
  readonly events: EventMemory;
  readonly state: TenantState;
  readonly status: string;
}

/**
 * The write of an event that was merged into a row that has been seen, on condition that nobody has written the
 * row since: neither another handler (`revision`) nor another service that sets the status.
 */
export const mergePathUpdate = (
  address: RowAddress,
  row: StoredRow,
  event: TenantEvent,
  { events, state, status }: Merged,
  table: TransitionTable,
  now: Date,
): UpdateItemCommandInput => {
  const expression = new Expression();
  const change = rowChange({
    status,
    state,
    event,
    // A late event may be of the service before: it names one only where none is known.
    namesService: row.serviceArn === undefined || isLastEvent(event.occurrence, state),
    deploymentId: setOrRemove(state.deploymentId),
    statusSince: set(statusSince(row, status, state)),
    events: memoryChange(row, events, table),
    revision: set((row.revision ?? 0) + 1),
    now,
  });
  return updateItem(address, expression, change, [
    isUnchanged(ATTRIBUTES.revision, row.revision, expression),
    isUnchanged(address.statusAttribute, row.status, expression),
  ]);
};

/** NULL counts as absent. */
export const isUnchanged = (attribute: string, value: unknown, expression: Expression): string => {
  const path = expression.path(attribute);
  return value === undefined
    ? `(attribute_not_exists(${path}) OR attribute_type(${path}, ${expression.value("NULL")}))`
    : `${path} = ${expression.value(value)}`;
};

/** Of a status that another service set nothing is known; that it was left alone does not make it ours. */
const statusSince = (
  row: StoredRow,
  status: string,
  state: TenantState,
): Readonly<Record<string, unknown>> =>
  status === state.status ? { [status]: row.statusSince[status] ?? state.statusAt } : {};

/** Only the entries that differ are written: what others have in the map stays as it was. */
export const memoryChange = (
  row: StoredRow,
  events: EventMemory,
  table: TransitionTable,
): AttributeChange => {
  const after = writeMemory(events, table);
  if (row.memoryAttribute === undefined) return set(after);
  const before = writeMemory(row.events, table);
  const isChanged = (name: string): boolean => JSON.stringify(before[name]) !== JSON.stringify(after[name]);
  return {
    kind: "entries",
    set: Object.fromEntries(Object.entries(after).filter(([name]) => isChanged(name))),
    setNew: {},
    remove: Object.keys(before).filter((name) => !Object.hasOwn(after, name)),
  };
};
