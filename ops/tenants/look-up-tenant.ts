import { unmarshall } from "@aws-sdk/util-dynamodb";
import { lazy } from "../../checklist/lazy.ts";
import type { Item } from "../../handler/item.ts";
import { ATTRIBUTES } from "../../handler/row-attributes.ts";
import { traceMemory } from "../../handler/tenant-state.ts";
import { transitionTable as table } from "../../handler/transition-table.ts";
import { ClusterServices } from "../../reconcile/cluster-services.ts";
import { compareTenant } from "../../reconcile/compare-tenant.ts";
import { readTenantRow } from "../../reconcile/tenant-rows.ts";
import type { Context } from "../context.ts";
import { listDirectoryItems } from "./directory-items.ts";
import { findTenantLetters } from "./tenant-letters.ts";
import { nearestTenants } from "./nearest-tenants.ts";
import { lastLinesOf } from "./tenant-log.ts";
import type { LastEvent, TenantRowSeen } from "./tenant-picture.ts";
import { seeTenantServices } from "./tenant-services.ts";

/** The look-ups of a tenant. Each is made once, and a failed one fails only those that build on it. */
export const tenantLookUps = (context: Context, tenantId: string) => {
  const { aws, names, environment, signal } = context;
  const services = new ClusterServices(aws.ecs, names.clusterArn, signal);
  const row = lazy(async (): Promise<TenantRowSeen | null> => {
    const found = await readTenantRow(aws.dynamoDb, environment.tenants, tenantId, table, signal);
    return found === undefined
      ? null
      : {
          seen: found.seen,
          steps: found.seen.kind === "row" ? traceMemory(found.seen.row.events, table) : [],
          ...readExtras(found.item),
        };
  });
  const directory = lazy(() => listDirectoryItems(context, tenantId));
  const seen = lazy(async () => {
    // One of the two does: what the other would have named is not known then. ECS's first answer says what time it is.
    const [[ofRow, ofDirectory]] = await Promise.all([
      Promise.allSettled([row(), directory()]),
      services.count(),
    ]);
    const arn =
      ofRow.status === "fulfilled" && ofRow.value?.seen.kind === "row"
        ? ofRow.value.seen.row.serviceArn
        : undefined;
    const known = ofDirectory.status === "fulfilled" ? ofDirectory.value : [];
    return seeTenantServices(context, services, tenantId, [
      ...(arn === undefined ? [] : [arn]),
      ...known.map(({ serviceArn }) => serviceArn),
    ]);
  });
  const findings = lazy(async () => {
    const [foundRow, seenServices] = await Promise.all([row(), seen()]);
    return compareTenant(foundRow?.seen, tenantId, seenServices, {
      table,
      environment: environment.environment,
      see: (arns) => services.see(arns),
      serviceArnPrefix: names.serviceArnPrefix,
      now: () => services.now(),
    });
  });
  return {
    row,
    directory,
    services: seen,
    findings,
    log: lazy(() => lastLinesOf(context, tenantId)),
    letters: lazy(() => findTenantLetters(context, tenantId)),
    nearest: () => nearestTenants(context, tenantId),
  };
};

export type TenantLookUps = ReturnType<typeof tenantLookUps>;

/** What the row says besides, for people: the handler does not need it. */
const readExtras = (item: Item): Pick<TenantRowSeen, "lastEvent" | "updatedAt"> => {
  const { [ATTRIBUTES.lastEvent]: last, [ATTRIBUTES.updatedAt]: updated } = item;
  return {
    lastEvent: last?.M === undefined ? undefined : readLastEvent(unmarshall(last.M)),
    updatedAt: updated?.S,
  };
};

const readLastEvent = ({ name, at, id, source }: Readonly<Record<string, unknown>>): LastEvent => ({
  name: String(name),
  at: String(at),
  id: String(id),
  source: typeof source === "string" ? source : undefined,
});
