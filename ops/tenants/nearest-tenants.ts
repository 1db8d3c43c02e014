import { distance } from "fastest-levenshtein";
import type { Context } from "../context.ts";
import { listTenants } from "./tenant-list.ts";

const MOST_NEAR = 3;

/** The ids of rows that are most like this one. */
export const nearestTenants = async (
  context: Pick<Context, "aws" | "environment" | "signal">,
  tenantId: string,
): Promise<readonly string[]> => {
  const tenants = await listTenants(context, () => undefined);
  return tenants
    .map((tenant) => ({ id: tenant.tenantId, away: distance(tenantId, tenant.tenantId) }))
    .filter(({ id, away }) => away <= Math.max(id.length, tenantId.length) / 2 || id.includes(tenantId))
    .sort((a, b) => a.away - b.away)
    .slice(0, MOST_NEAR)
    .map(({ id }) => id);
};
