import type { Environment } from "../envs/environment.ts";
import type { Comparisons } from "./compare-rows.ts";

/** How many tenants one run may change: the larger of `tenants` and `percent` of the rows. */
export type FuseRating = Environment["reconciler"]["fuse"];

/** What a run found of the fleet as a whole. */
export type FleetFindings = Pick<Comparisons, "tenants" | "drifts" | "withoutService"> & {
  /** The services that ECS showed. */
  readonly services: number;
};

/**
 * Says why a run may change nothing, because what it found is more likely a mistake than the truth: the wrong cluster,
 * an account that shows no services, tags that were lost. Tenants whose service was lost count like rows to repair:
 * they differ for the same reasons.
 * @returns undefined while the fuse holds.
 */
export const findBlownFuse = (
  { services, tenants, drifts, withoutService }: FleetFindings,
  { tenants: most, percent }: FuseRating,
): string | undefined => {
  const lost = withoutService.filter(({ isLost }) => isLost).length;
  const affected = drifts.length + lost;
  if (services === 0 && affected > 0)
    return `ECS shows no service at all, and ${affected} of ${tenants} rows say otherwise`;
  const limit = Math.max(most, Math.floor((tenants * percent) / 100));
  return affected <= limit
    ? undefined
    : `${affected} of ${tenants} rows differ (${drifts.length} to repair, ${lost} whose service was lost), and one run may change ${limit}`;
};
