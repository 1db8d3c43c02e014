import type { NamedOccurrence } from "./event-memory.ts";
import type { EventRule } from "./transition-data.ts";

/** A canonical event of a tenant's service: what the store records. */
export interface TenantEvent {
  readonly rule: EventRule;
  /** Named as the rule. */
  readonly occurrence: NamedOccurrence;
  readonly serviceArn: string | undefined;
}
