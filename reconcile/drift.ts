import { type NamedOccurrence, remember } from "../handler/event-memory.ts";
import type { TenantRow } from "../handler/tenant-row.ts";
import { foldMemory, mergedStatus } from "../handler/tenant-state.ts";
import type { EventRule, TransitionTable } from "../handler/transition-table.ts";
import { eventNamed } from "./ecs-verdict.ts";
import type { Observation } from "./observation.ts";

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
export const compare = (row: TenantRow, observation: Observation, table: TransitionTable): Comparison => {
  const { rule } = observation.verdict;
  if (row.status === rule.status) return { kind: "agrees" };
  if (isNotRefuted(row, observation, table)) return { kind: "kept" };

  const repairs = [[rule], ...revival(row, rule, table)];
  const events = repairs.find((repair) => predictStatus(row, repair, observation, table) === rule.status);
  return events === undefined ? { kind: "kept" } : { kind: "drift", events };
};

/** Statuses that come and go while a service is unsettled, and that DescribeServices cannot tell apart from it. */
const PASSING_EVENTS = ["SERVICE_TASK_START_IMPAIRED", "SERVICE_DESIRED_COUNT_UPDATED"];

const isNotRefuted = (row: TenantRow, { verdict }: Observation, table: TransitionTable): boolean => {
  const state = foldMemory(row.events, table);
  return (
    verdict.unsettledSince !== undefined &&
    state !== undefined &&
    isSetByEcs(row) &&
    state.statusAt >= verdict.unsettledSince &&
    PASSING_EVENTS.some((name) => eventNamed(name, table).status === row.status)
  );
};

/**
 * Once ECS has reported a service as deleted, no event counts until a deployment starts. When the service is there
 * again, that start is what was missed, unless it is another service that says so of the tenant.
 */
const revival = (row: TenantRow, rule: EventRule, table: TransitionTable): EventRule[][] =>
  row.status !== undefined && !isSetByEcs(row) && table.leftAlone(rule).includes(row.status)
    ? []
    : [[eventNamed("SERVICE_DEPLOYMENT_IN_PROGRESS", table), rule]];

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
    const events = remember(before.events, occurrence);
    const state = foldMemory(events, table);
    if (events === before.events || state === undefined) return before;
    const status = mergedStatus(before, { rule, occurrence }, state, table);
    return { ...before, events, ecsStatus: state.status, status };
  }, row).status;

/** Of two events of one name and second the greater id counts as the newer: this one is the lesser of any two. */
const LEAST_ID = "";

const occurrenceOf = (rule: EventRule, at: string, deploymentId: string | undefined): NamedOccurrence => ({
  name: rule.name,
  at,
  id: LEAST_ID,
  ...(rule.startsDeployment !== true || deploymentId === undefined ? {} : { deploymentId }),
});
