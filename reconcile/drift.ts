import { type NamedOccurrence, remember } from "../handler/event-memory.ts";
import type { TenantRow } from "../handler/tenant-row.ts";
import { foldMemory, mergedStatus } from "../handler/tenant-state.ts";
import type { EventRule } from "../handler/transition-data.ts";
import type { TransitionTable } from "../handler/transition-table.ts";
import type { Observation } from "./observation.ts";
import { eventSeenAs } from "./seen-event.ts";

/** How a row and what was seen of its service go together. */
export type Comparison =
  | { readonly kind: "agrees" }
  /** They differ, and rightly so: another service has set the status, or a newer event has. */
  | { readonly kind: "kept" }
  /** They differ; the events bring the row to the status that ECS says. */
  | { readonly kind: "drift"; readonly events: readonly EventRule[] };

/**
 * Compares a row with its service by asking what the handler would make of the observation: the row is wrong if that
 * would bring it to the status that ECS says. So there is no second opinion on protected statuses, newer events and the
 * like, and what is reported as drift can be repaired.
 */
export const compareRow = (row: TenantRow, observation: Observation, table: TransitionTable): Comparison => {
  const { rule } = observation.verdict;
  if (row.status === rule.status) return { kind: "agrees" };
  if (mayStillBeTrue(row, observation, table)) return { kind: "kept" };

  const repairs = [[rule], ...revival(row, rule, table)];
  const events = repairs.find((repair) => predictStatus(row, repair, observation, table) === rule.status);
  return events === undefined ? { kind: "kept" } : { kind: "drift", events };
};

/** Whether what DescribeServices shows does not refute the row's status; the table says what it takes. */
const mayStillBeTrue = (row: TenantRow, { verdict }: Observation, table: TransitionTable): boolean => {
  const traits = table.statuses.get(row.status ?? "");
  if (traits === undefined || !isSetByEcs(row)) return false;
  switch (traits.refutedBy) {
    case "any":
      return false;
    case "settled": {
      const state = foldMemory(row.events, table);
      const { unsettledSince } = verdict;
      return unsettledSince !== undefined && state !== undefined && state.statusAt >= unsettledSince;
    }
    case "deleted":
      return verdict.rule !== eventSeenAs("deleted", table);
  }
};

/**
 * Once ECS has reported a service as deleted, no event counts until a deployment starts. When the service is there
 * again, that start is what was missed, unless it is another service that says so of the tenant.
 */
const revival = (row: TenantRow, rule: EventRule, table: TransitionTable): EventRule[][] => {
  const untouched = table.leftAlone(rule);
  const isHeldByAnother = row.status !== undefined && !isSetByEcs(row) && untouched.includes(row.status);
  const needsStart = row.ecsStatus !== undefined && untouched.includes(row.ecsStatus);
  return needsStart && !isHeldByAnother ? [[eventSeenAs("deploying", table), rule]] : [];
};

/** As opposed to a status that another service has set since. */
const isSetByEcs = ({ status, ecsStatus }: TenantRow): boolean =>
  status !== undefined && status === ecsStatus;

const predictStatus = (
  row: TenantRow,
  transitions: readonly EventRule[],
  { at, verdict }: Observation,
  table: TransitionTable,
): string | undefined =>
  transitions.reduce((before, rule) => {
    const occurrence = occurrenceOf(rule, at, verdict.deploymentId);
    const events = remember(before.events, occurrence, table);
    const state = foldMemory(events, table);
    if (events === before.events || state === undefined) return before;
    const status = mergedStatus(before, { rule, occurrence, serviceArn: undefined }, state, table);
    return { ...before, events, ecsStatus: state.status, status };
  }, row).status;

/** Of two events of one name and second the greater id counts as the newer: this one is the lesser of any two. */
const LEAST_ID = "";

const occurrenceOf = (rule: EventRule, at: string, deploymentId: string | undefined): NamedOccurrence => ({
  name: rule.name,
  at,
  id: LEAST_ID,
  deploymentId: rule.startsDeployment === true ? deploymentId : undefined,
});
