/**
 * The attributes of a tenant's row that the handler writes besides the status; all others are left as they are. What
 * an event makes of each is in row-change.ts.
 */
export const ATTRIBUTES = {
  ecsStatus: "ecs_status",
  statusAt: "status_at",
  statusSince: "status_since",
  lastEvent: "last_event",
  events: "events",
  deploymentId: "deployment_id",
  serviceArn: "service_arn",
  updatedAt: "updated_at",
  revision: "revision",
} as const;

export type OwnAttribute = (typeof ATTRIBUTES)[keyof typeof ATTRIBUTES];

export const OWN_ATTRIBUTES: ReadonlySet<string> = new Set(Object.values(ATTRIBUTES));

/** Where a tenant's row is, and which of its attributes is the status. */
export interface RowAddress {
  readonly tenantId: string;
  readonly tableName: string;
  readonly key: Readonly<Record<string, string>>;
  readonly statusAttribute: string;
}
