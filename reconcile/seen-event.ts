import type { EventRule } from "../handler/transition-data.ts";
import type { ServiceState, TransitionTable } from "../handler/transition-table.ts";

/**
 * The event that would have reported the state in which DescribeServices shows a service.
 * @param reason what ECS says besides: a rollout may be a rollback by its reason.
 */
export const eventSeenAs = (state: ServiceState, table: TransitionTable, reason?: string): EventRule => {
  const rule = table.rules.find(({ seenAs }) => seenAs === state);
  if (rule === undefined) throw new Error(`No event of the transition table is seen as ${state}`);
  const byReason = rule.from.map(({ eventName }) => table.canonicalEvent(eventName, reason));
  return byReason.find((other) => other !== undefined && other !== rule) ?? rule;
};
