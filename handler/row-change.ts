import type { TenantEvent } from "./tenant-event.ts";
import type { TenantState } from "./tenant-state.ts";
import { ATTRIBUTES, type OwnAttribute } from "./row-attributes.ts";

/** What becomes of one attribute. */
export type AttributeChange =
  | { readonly kind: "set"; readonly value: unknown }
  | { readonly kind: "remove" }
  | { readonly kind: "leave" }
  | { readonly kind: "add"; readonly value: number }
  /** Of a map that is there: sets and removes entries, and leaves the others. */
  | {
      readonly kind: "entries";
      readonly set: Readonly<Record<string, unknown>>;
      /** Set where they are not there yet. */
      readonly setNew: Readonly<Record<string, unknown>>;
      readonly remove: readonly string[];
    };

export interface RowChange {
  readonly status: AttributeChange;
  readonly own: Readonly<Record<OwnAttribute, AttributeChange>>;
}

/** What differs by whether the row was read: the fast path knows less of it. */
export interface Written {
  readonly status: string;
  readonly state: Pick<TenantState, "status" | "statusAt" | "lastEvent">;
  readonly event: TenantEvent;
  /** Whether the row is to name the service that the event names. */
  readonly namesService: boolean;
  readonly deploymentId: AttributeChange;
  readonly statusSince: AttributeChange;
  readonly events: AttributeChange;
  readonly revision: AttributeChange;
  readonly now: Date;
}

/** The one list of what an event makes of a row's attributes, for the fast path and the merge path alike. */
export const rowChange = ({
  status,
  state,
  event: { serviceArn },
  namesService,
  deploymentId,
  statusSince,
  events,
  revision,
  now,
}: Written): RowChange => ({
  status: set(status),
  own: {
    [ATTRIBUTES.ecsStatus]: set(state.status),
    [ATTRIBUTES.statusAt]: set(state.statusAt),
    [ATTRIBUTES.statusSince]: statusSince,
    [ATTRIBUTES.lastEvent]: set(lastEventOf(state)),
    [ATTRIBUTES.events]: events,
    [ATTRIBUTES.deploymentId]: deploymentId,
    [ATTRIBUTES.serviceArn]: serviceArn !== undefined && namesService ? set(serviceArn) : LEAVE,
    [ATTRIBUTES.updatedAt]: set(now.toISOString()),
    [ATTRIBUTES.revision]: revision,
  },
});

/** What the row says of the newest event. `source` is there only where it was not ECS that sent it. */
export const lastEventOf = ({
  lastEvent: { name, id, at, source },
}: Pick<TenantState, "lastEvent">): Pick<TenantState["lastEvent"], "name" | "id" | "at" | "source"> => ({
  name,
  id,
  at,
  source,
});

export const set = (value: unknown): AttributeChange => ({ kind: "set", value });

export const setOrRemove = (value: unknown): AttributeChange =>
  value === undefined ? { kind: "remove" } : set(value);

export const LEAVE: AttributeChange = { kind: "leave" };
