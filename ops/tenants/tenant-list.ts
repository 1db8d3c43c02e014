import { compareText } from "../../checklist/compare-text.ts";
import { transitionTable } from "../../handler/transition-table.ts";
import { scanTenantRows, type SeenRow } from "../../reconcile/tenant-rows.ts";
import type { Context } from "../context.ts";

/** A tenant, as its row tells. */
export interface ListedTenant {
  readonly tenantId: string;
  /** Undefined when the row has none. */
  readonly status: string | undefined;
  /** Since when; undefined when nothing says so. */
  readonly since: string | undefined;
  /** What ECS's events come to, where another service has set the status since. */
  readonly ecsStatus: string | undefined;
  /** Why the handler cannot read the row, when it cannot. */
  readonly problem: string | undefined;
}

/**
 * All tenants, by the rows; a page in memory at a time, and of each row only what is shown.
 * @param onRow gets each row whole.
 */
export const listTenants = async (
  { aws, environment, signal }: Pick<Context, "aws" | "environment" | "signal">,
  progress: (read: number) => void,
  onRow: (seen: SeenRow) => void = () => undefined,
): Promise<readonly ListedTenant[]> => {
  const tenants: ListedTenant[] = [];
  for await (const seen of scanTenantRows(aws.dynamoDb, environment.tenants, transitionTable, signal)) {
    tenants.push(describeRow(seen));
    onRow(seen);
    if (tenants.length % PROGRESS_EVERY === 0) progress(tenants.length);
  }
  return tenants;
};

const PROGRESS_EVERY = 500;

/** Pure. */
export const describeRow = (seen: SeenRow): ListedTenant => {
  const { tenantId } = seen;
  if (seen.kind === "malformed")
    return {
      tenantId,
      status: undefined,
      since: undefined,
      ecsStatus: undefined,
      problem: seen.problem,
    };
  const { status, ecsStatus } = seen.row;
  return {
    tenantId,
    status,
    since: seen.since,
    ecsStatus: status === ecsStatus ? undefined : ecsStatus,
    problem: undefined,
  };
};

/** Which tenants are meant; all conditions hold. */
export interface TenantFilter {
  /** In any case. */
  readonly statuses: readonly string[] | undefined;
  /** Only those whose status has changed since. */
  readonly changedAfter: Date | undefined;
}

export const matchesTenant = (tenant: ListedTenant, { statuses, changedAfter }: TenantFilter): boolean =>
  (statuses === undefined ||
    statuses.some((status) => status.toUpperCase() === statusOf(tenant).toUpperCase())) &&
  (changedAfter === undefined ||
    (tenant.since !== undefined && Date.parse(tenant.since) >= changedAfter.getTime()));

/** What takes the status's place where there is none. */
export const statusOf = ({ status, problem }: Pick<ListedTenant, "status" | "problem">): string =>
  status ?? (problem === undefined ? NO_STATUS : UNREADABLE);

const NO_STATUS = "(none)";
const UNREADABLE = "(unreadable)";

/** What can be asked for though no tenant has it now. A row may have another, which some other service has set. */
export const KNOWN_STATUSES: readonly string[] = [
  ...transitionTable.reachable,
  ...transitionTable.protectedStatuses,
  NO_STATUS,
  UNREADABLE,
];

export const TENANT_ORDERS = ["tenant", "status", "since"] as const;
export type TenantOrder = (typeof TENANT_ORDERS)[number];

/** `since`: what has changed last comes first. */
export const compareTenants =
  (order: TenantOrder) =>
  (a: ListedTenant, b: ListedTenant): number => {
    switch (order) {
      case "tenant":
        return compareText(a.tenantId, b.tenantId);
      case "status":
        return compareText(statusOf(a), statusOf(b)) || compareText(a.tenantId, b.tenantId);
      case "since":
        return compareText(b.since ?? "", a.since ?? "") || compareText(a.tenantId, b.tenantId);
    }
  };

/** How many tenants have each status, the most frequent first. */
export const countStatuses = (tenants: readonly ListedTenant[]): Readonly<Record<string, number>> => {
  const counts = new Map<string, number>();
  for (const tenant of tenants) counts.set(statusOf(tenant), (counts.get(statusOf(tenant)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, m], [b, n]) => n - m || compareText(a, b)));
};
