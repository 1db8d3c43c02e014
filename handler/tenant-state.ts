import { type EventMemory, sortOccurrences, type NamedOccurrence } from "./event-memory.ts";
import type { TenantEvent } from "./tenant-event.ts";
import type { TransitionTable } from "./transition-table.ts";

/** What a memory of ECS events says of a tenant. */
export interface TenantState {
  readonly status: string;
  /** The time of the last event that was applied, rather than kept off by the status before it. */
  readonly statusAt: string;
  /** The newest event, applied or not. */
  readonly lastEvent: NamedOccurrence;
  /** The deployment that was started last; undefined too when the event of its start did not name it. */
  readonly deploymentId: string | undefined;
}

/**
 * Folds what ECS last said, oldest first, into a state. Pure: equal memories give equal states.
 * Undefined when the memory holds no event of the table.
 */
export const foldMemory = (memory: EventMemory, table: TransitionTable): TenantState | undefined =>
  sortOccurrences(memory, table).reduce<TenantState | undefined>(
    (before, occurrence) => apply(before, occurrence, table),
    undefined,
  );

const apply = (
  before: TenantState | undefined,
  occurrence: NamedOccurrence,
  table: TransitionTable,
): TenantState | undefined => {
  const rule = table.rule(occurrence.name);
  if (rule === undefined) return before;

  const deploymentId = rule.startsDeployment === true ? occurrence.deploymentId : before?.deploymentId;
  const isOfAnotherDeployment =
    rule.onlyCurrentDeployment === true &&
    occurrence.deploymentId !== undefined &&
    deploymentId !== undefined &&
    occurrence.deploymentId !== deploymentId;
  const isKept = before !== undefined && table.leftAlone(rule).includes(before.status);

  return before !== undefined && (isOfAnotherDeployment || isKept)
    ? { ...before, deploymentId, lastEvent: occurrence }
    : { status: rule.status, statusAt: occurrence.at, deploymentId, lastEvent: occurrence };
};

/** What a row says before an event is merged into it. */
export interface StatusesBefore {
  readonly status?: string;
  readonly ecsStatus?: string;
}

/** The status of a row once an event was merged into its memory. */
export const mergedStatus = (
  row: StatusesBefore,
  { rule }: TenantEvent,
  state: TenantState,
  table: TransitionTable,
): string => {
  const isSetByAnotherService = row.status !== undefined && row.status !== row.ecsStatus;
  return isSetByAnotherService && table.leftAlone(rule).includes(row.status) ? row.status : state.status;
};
