import type { NamedOccurrence } from "./event-memory.ts";
import type { Transition } from "./transition-table.ts";

/** A canonical event of a tenant's service: what the store records. */
export interface TenantEvent {
  readonly transition: Transition;
  /** Named as the transition. */
  readonly occurrence: NamedOccurrence;
  readonly serviceArn?: string;
}
