import type { FoldingRules } from "../handler/transition-table.ts";

/**
 * What a table must obey for the handler's fast path (handler/fast-path.ts) to write what reading the row
 * would have led to. That path sees the row's status alone, not the events that led to it, and the new event takes
 * the place of an older one of its name among them. That changes nothing as long as there is one set of final
 * statuses which an event leaves alone whole or not at all: then, whatever the older event did, the events after it lead
 * either to the same status or to none that the new event leaves alone. Shown on random tables in the tests.
 *
 * Statuses that no event leads to are free: only other services set them.
 */
export const breachesOfFastPathRules = ({ protected: protectedStatuses, events }: FoldingRules): string[] => {
  const reachable = new Set(events.map(({ status }) => status));
  const finals = new Set(
    events.flatMap(({ neverFrom }) => neverFrom.filter((status) => reachable.has(status))),
  );
  const all = [...finals].join(", ");

  return events.flatMap(({ status, neverFrom, onlyCurrentDeployment }, index) => {
    const kept = neverFrom.filter((keptStatus) => finals.has(keptStatus));
    const breaches: string[] = [];
    if (protectedStatuses.includes(status)) {
      breaches.push(
        `/events/${index}/status is ${status}, which is protected: only other services may set it`,
      );
    }
    if (kept.length > 0 && kept.length < finals.size) {
      breaches.push(`/events/${index}/neverFrom must have all or none of the final statuses ${all}`);
    }
    if (onlyCurrentDeployment === true && (finals.has(status) || kept.length < finals.size)) {
      breaches.push(
        `/events/${index} has onlyCurrentDeployment: it must keep the final statuses ${all}, not lead to one`,
      );
    }
    return breaches;
  });
};
