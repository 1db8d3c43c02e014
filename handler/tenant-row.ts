import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { MalformedRowError } from "./errors.ts";
import type { EventMemory, NamedOccurrence } from "./event-memory.ts";
import { validateTenantRow } from "./validators.ts";
import { listViolations } from "./violations.ts";

/** The attributes of a tenant's row that the handler writes besides the status; all others are left as they are. */
export const ATTRIBUTES = {
  ecsStatus: "ecs_status",
  statusAt: "status_at",
  lastEvent: "last_event",
  events: "events",
  deploymentId: "deployment_id",
  serviceArn: "service_arn",
  updatedAt: "updated_at",
  revision: "revision",
} as const;

export const OWN_ATTRIBUTES: ReadonlySet<string> = new Set(Object.values(ATTRIBUTES));

/** The value of `last_event`. */
export const lastEventAttribute = ({ name, id, at }: NamedOccurrence): Record<string, string> => ({
  name,
  id,
  at,
});

/** Where a tenant's row is, and which of its attributes is the status. */
export interface RowAddress {
  readonly tenantId: string;
  readonly tableName: string;
  readonly key: Readonly<Record<string, string>>;
  readonly statusAttribute: string;
}

/** What the handler reads of a tenant's row before it merges an event. */
export interface TenantRow {
  readonly status?: string;
  readonly ecsStatus?: string;
  readonly serviceArn?: string;
  readonly revision?: number;
  readonly events: EventMemory;
}

/**
 * Reads a row as GetItem returned it.
 * @throws {MalformedRowError} naming every attribute that does not have the form in which the handler writes it.
 */
export const parseTenantRow = (item: Record<string, AttributeValue>, address: RowAddress): TenantRow => {
  const attributes = unmarshall(item);
  const status: unknown = attributes[address.statusAttribute];
  if (!isValid(attributes) || (status !== undefined && typeof status !== "string")) {
    const violations = listViolations(validateTenantRow.errors, "the row");
    if (status !== undefined && typeof status !== "string")
      violations.push(`/${address.statusAttribute} must be string`);
    throw new MalformedRowError(address.tenantId, violations);
  }
  const { ecs_status: ecsStatus, service_arn: serviceArn, revision, events = {} } = attributes;
  return {
    ...(status === undefined ? {} : { status }),
    ...(ecsStatus === undefined ? {} : { ecsStatus }),
    ...(serviceArn === undefined ? {} : { serviceArn }),
    ...(revision === undefined ? {} : { revision }),
    events,
  };
};

interface ValidRow {
  readonly ecs_status?: string;
  readonly service_arn?: string;
  readonly revision?: number;
  readonly events?: EventMemory;
}

const isValid = (attributes: unknown): attributes is ValidRow => validateTenantRow(attributes);
