/** Why an event was left alone; each is final, none is worth a retry. */
export type IgnoredReason =
  | "unmapped_event"
  | "no_tenant_tag"
  | "environment_mismatch"
  | "other_cluster"
  | "unknown_tenant"
  | "service_not_found"
  | "duplicate";

/** What the handler answers to Lambda. Trouble is thrown, not answered. */
export type Answer = SuccessAnswer | IgnoredAnswer;

export interface SuccessAnswer {
  readonly status: "success";
  readonly tenantId: string;
  /** The canonical event. */
  readonly event: string;
  readonly tenantStatus: string;
  /** Absent when the row had no status before. */
  readonly previousStatus?: string;
  readonly changed: boolean;
}

export interface IgnoredAnswer {
  readonly status: "ignored";
  readonly reason: IgnoredReason;
  /** The canonical event; the name that ECS sent when it is not mapped. */
  readonly event: string;
  readonly tenantId?: string;
  /** For people: what was found, and what was expected instead. */
  readonly message: string;
}
