import type { EventRule } from "../handler/transition-data.ts";
import type { FoldingRules } from "../handler/transition-table.ts";

/**
 * What a table must obey for the handler to remember only the newest event of a kind, and for its fast path
 * (handler/fast-path.ts) to write what reading the row would have led to. Neither sees whether an older event of the
 * kind was there before. So that must not matter: the table is played twice, with and without the older event, through
 * whatever may come between it and the newer one, and the newer one must lead to the same status both times, for the
 * same reason.
 *
 * Statuses that no event leads to are free: only other services set them.
 */
export const breachesOfFastPathRules = ({ protected: protectedStatuses, events }: FoldingRules): string[] =>
  events.flatMap((rule, index) => {
    const breaches: string[] = [];
    if (protectedStatuses.includes(rule.status)) {
      breaches.push(
        `/events/${index}/status is ${rule.status}, which is protected: only other services may set it`,
      );
    }
    const difference = findDifference(rule, events);
    if (difference !== undefined) {
      breaches.push(
        `/events/${index}/neverFrom: only the newest ${rule.name} is remembered, but an older one would matter: ` +
          difference,
      );
    }
    return breaches;
  });

/** The same tenant with and without the older event; undefined: no status yet. */
interface Pair {
  readonly with: string | undefined;
  readonly without: string | undefined;
  /** Whether a deployment was started since. */
  readonly started: boolean;
  /** For people: how it came to this. */
  readonly path: readonly string[];
}

const findDifference = (rule: EventRule, events: readonly EventRule[]): string | undefined => {
  const before = [undefined, ...events.map(({ status }) => status)].filter((status) => !leaves(rule, status));
  const waiting: Pair[] = before.map((status) => ({
    with: rule.status,
    without: status,
    started: false,
    path: [`${rule.name} from ${status ?? "no status"}`],
  }));
  const seen = new Set<string>();
  for (const pair of waiting) {
    const key = JSON.stringify([pair.with ?? null, pair.without ?? null, pair.started]);
    if (seen.has(key)) continue;
    seen.add(key);
    if (isDifference(rule, pair)) return pair.path.join(", then ");
    for (const next of events) if (next !== rule) waiting.push(...follow(pair, next, rule));
  }
  return undefined;
};

const isDifference = (rule: EventRule, { with: one, without: other, started }: Pair): boolean => {
  if (one === other) return false;
  // Then it is of a deployment that is no longer the current one, and changes nothing.
  if (started && rule.onlyCurrentDeployment === true) return true;
  const after = (status: string | undefined): string | undefined =>
    leaves(rule, status) ? status : rule.status;
  // The fast path sees the status with the older event, and takes the newer one to apply where it may.
  return after(one) !== after(other) || (!leaves(rule, one) && leaves(rule, other));
};

/** The pair after another event: one that counts for its own deployment only may apply or not. */
const follow = (pair: Pair, next: EventRule, older: EventRule): Pair[] => {
  const after = (appliesWith: boolean, appliesWithout: boolean): Pair => ({
    with: appliesWith && !leaves(next, pair.with) ? next.status : pair.with,
    without: appliesWithout && !leaves(next, pair.without) ? next.status : pair.without,
    started: pair.started || next.startsDeployment === true,
    path: [...pair.path, next.name],
  });
  if (next.onlyCurrentDeployment !== true) return [after(true, true)];
  // Which deployment is the current one differs only where the older event had started one.
  return older.startsDeployment === true && !pair.started
    ? [after(true, true), after(true, false), after(false, true)]
    : [after(true, true)];
};

const leaves = ({ neverFrom }: EventRule, status: string | undefined): boolean =>
  status !== undefined && neverFrom.includes(status);
