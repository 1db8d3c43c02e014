import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { isFuture } from "../handler/ecs-event.ts";
import type { EventMemory } from "../handler/event-memory.ts";
import { Expression } from "../handler/expression.ts";
import { isUnchanged, memoryChange } from "../handler/merge-path.ts";
import { ATTRIBUTES, type RowAddress } from "../handler/row-attributes.ts";
import { lastEventOf, LEAVE, type RowChange, set, setOrRemove } from "../handler/row-change.ts";
import type { StoredRow } from "../handler/tenant-row.ts";
import { foldMemory, type TenantState } from "../handler/tenant-state.ts";
import type { TransitionTable } from "../handler/transition-table.ts";
import { updateItem } from "../handler/update-item.ts";

/**
 * The events of a memory that are said to happen in the future. The handler refuses such events; one that got into a row
 * all the same, forged or before the handler did so, outdoes all that really happens until then.
 */
export const futureEvents = (memory: EventMemory, now: Date): EventMemory =>
  memory.filter(({ at }) => isFuture(at, now));

/** A row without its events of the future. */
export interface Cured {
  readonly forgotten: EventMemory;
  readonly events: EventMemory;
  /** Undefined when nothing is left: the row then waits for the next event, or for `reconcile`. */
  readonly state: TenantState | undefined;
  readonly status: string | undefined;
}

/** Pure. A status that another service has set since stays; one that ECS's events had set is what the others fold to. */
export const forgetFuture = (row: StoredRow, now: Date, table: TransitionTable): Cured => {
  const forgotten = futureEvents(row.events, now);
  const events = row.events.filter((occurrence) => !forgotten.includes(occurrence));
  const state = foldMemory(events, table);
  const status = row.status === row.ecsStatus ? (state?.status ?? row.status) : row.status;
  return { forgotten, events, state, status };
};

/** The write, on condition that nobody has written the row since it was read. */
export const curedRowUpdate = (
  address: RowAddress,
  row: StoredRow,
  { events, state, status }: Cured,
  table: TransitionTable,
  now: Date,
): UpdateItemCommandInput => {
  const expression = new Expression();
  const change: RowChange = {
    status: status === undefined ? LEAVE : set(status),
    own: {
      // With nothing left it stays equal to the status: so the next event knows that no other service has set that.
      [ATTRIBUTES.ecsStatus]: state === undefined ? LEAVE : set(state.status),
      [ATTRIBUTES.statusAt]: setOrRemove(state?.statusAt),
      [ATTRIBUTES.statusSince]: set(
        state !== undefined && state.status === status ? { [status]: state.statusAt } : {},
      ),
      [ATTRIBUTES.lastEvent]: setOrRemove(state && lastEventOf(state)),
      [ATTRIBUTES.events]: memoryChange(row, events, table),
      [ATTRIBUTES.deploymentId]: setOrRemove(state?.deploymentId),
      [ATTRIBUTES.serviceArn]: LEAVE,
      [ATTRIBUTES.updatedAt]: set(now.toISOString()),
      [ATTRIBUTES.revision]: set((row.revision ?? 0) + 1),
    },
  };
  return updateItem(address, expression, change, [
    isUnchanged(ATTRIBUTES.revision, row.revision, expression),
    isUnchanged(address.statusAttribute, row.status, expression),
  ]);
};
