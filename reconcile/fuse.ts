import type { Tally } from "./fleet-finding.ts";

/** How many tenants one run may change: the larger of `tenants` and `percent` of the rows. */
export interface FuseRating {
  readonly tenants: number;
  readonly percent: number;
}

/**
 * Says why a run may change nothing, because what it found is more likely a mistake than the truth: the wrong cluster,
 * an account that shows no services, tags that were lost. Tenants whose service was lost, and those that several
 * services claim, count like rows to repair: they differ for the same reasons.
 * @returns undefined while the fuse holds.
 */
export const findBlownFuse = (
  { service, row, drift, lost, contested }: Pick<Tally, "service" | "row" | "drift" | "lost" | "contested">,
  { tenants: most, percent }: FuseRating,
): string | undefined => {
  const affected = drift + lost + contested;
  if (service === 0 && affected > 0)
    return `ECS shows no service at all, and ${affected} of ${row} rows say otherwise`;
  const limit = Math.max(most, Math.floor((row * percent) / 100));
  return affected <= limit
    ? undefined
    : `${affected} of ${row} rows differ (${drift} to repair, ${lost} whose service was lost, ${contested} that several services claim), and one run may change ${limit}`;
};

/** The handler refuses events that are further ahead of its clock; so is what a repair would be. */
const MAX_CLOCK_SKEW_MS = 5 * 60 * 1000;

/**
 * Says why repairs cannot be trusted to be in order with events: they are stamped with what ECS's clock says, and the
 * handler compares that with its own.
 */
export const findClockTrouble = (ecs: Date, own: Date): string | undefined => {
  const seconds = Math.round((ecs.getTime() - own.getTime()) / 1000);
  return Math.abs(seconds) * 1000 <= MAX_CLOCK_SKEW_MS
    ? undefined
    : `clocks: that of ECS says ${ecs.toISOString()}, that of this function ${own.toISOString()}: ` +
        `${Math.abs(seconds)} s ${seconds > 0 ? "ahead" : "behind"}, and 300 s are allowed`;
};
