import {
  compareOccurrences,
  type EventMemory,
  type NamedOccurrence,
  sortOccurrences,
} from "./event-memory.ts";
import type { TenantEvent } from "./tenant-event.ts";
import type { EventRule } from "./transition-data.ts";
import type { TransitionTable } from "./transition-table.ts";

/** What a memory of ECS events says of a tenant. */
export interface TenantState {
  readonly status: string;
  /** The time of the last event that was applied, rather than kept off by the status before it. */
  readonly statusAt: string;
  /** The newest event, applied or not, by the name of what it means. */
  readonly lastEvent: NamedOccurrence;
  /** The deployment that was started last; undefined too when the event of its start did not name it. */
  readonly deploymentId: string | undefined;
  /** The event that started it; undefined when no start was seen. */
  readonly startedBy: string | undefined;
}

/**
 * Folds what ECS said, oldest first, into a state. Pure: equal memories give equal states.
 * Undefined when the memory holds no event of the table.
 */
export const foldMemory = (memory: EventMemory, table: TransitionTable): TenantState | undefined =>
  traceMemory(memory, table).at(-1)?.state;

/** One step of the fold. */
export interface FoldStep extends Applied {
  readonly occurrence: NamedOccurrence;
}

interface Applied {
  /** What the event came to. */
  readonly state: TenantState;
  /** Why the event did not count, when it did not: it was of another deployment, or the status before it stays. */
  readonly keptOff: "other_deployment" | "status_stays" | undefined;
}

/** The same fold, step by step, for people who ask why. */
export const traceMemory = (memory: EventMemory, table: TransitionTable): readonly FoldStep[] => {
  const steps: FoldStep[] = [];
  for (const occurrence of sortOccurrences(memory, table)) {
    const rule = table.rule(occurrence.name);
    // One that only another version's table has says nothing.
    if (rule !== undefined)
      steps.push({ occurrence, ...apply(steps.at(-1)?.state, occurrence, rule, table) });
  }
  return steps;
};

/** The canonical event that a remembered occurrence means: it may depend on what came before it. */
export const meaningOf = (
  occurrence: NamedOccurrence,
  memory: EventMemory,
  table: TransitionTable,
): string => {
  const until = memory.filter((known) => compareOccurrences(known, occurrence, table) <= 0);
  return foldMemory(until, table)?.lastEvent.name ?? occurrence.name;
};

const apply = (
  before: TenantState | undefined,
  occurrence: NamedOccurrence,
  rule: EventRule,
  table: TransitionTable,
): Applied => {
  const { deploymentId, startedBy } =
    rule.startsDeployment === true
      ? { deploymentId: occurrence.deploymentId, startedBy: rule.name }
      : { deploymentId: before?.deploymentId, startedBy: before?.startedBy };
  const isOfAnotherDeployment =
    rule.onlyCurrentDeployment === true &&
    occurrence.deploymentId !== undefined &&
    deploymentId !== undefined &&
    occurrence.deploymentId !== deploymentId;
  const lastEvent = isOfAnotherDeployment ? occurrence : { ...occurrence, name: nameAfter(rule, startedBy) };

  const applied: Applied = {
    state: { status: rule.status, statusAt: occurrence.at, deploymentId, startedBy, lastEvent },
    keptOff: undefined,
  };
  if (before === undefined) return applied;
  const state = { ...before, deploymentId, startedBy, lastEvent };
  if (isOfAnotherDeployment) return { state, keptOff: "other_deployment" };
  return table.leftAlone(rule).includes(before.status) ? { state, keptOff: "status_stays" } : applied;
};

const nameAfter = ({ name, meansAfter = {} }: EventRule, startedBy: string | undefined): string =>
  Object.entries(meansAfter).find(([start]) => start === startedBy)?.[1] ?? name;

/** What a row says before an event is merged into it. */
export interface StatusesBefore {
  readonly status?: string | undefined;
  readonly ecsStatus?: string | undefined;
}

/** The status of a row once an event was merged into its memory. */
export const mergedStatus = (
  { status, ecsStatus }: StatusesBefore,
  { rule, occurrence }: TenantEvent,
  state: TenantState,
  table: TransitionTable,
): string => {
  if (status === undefined || status === ecsStatus) return state.status;
  // Another service has set it since.
  if (!isLastEvent(occurrence, state) && state.status === ecsStatus) return status;
  // An event may override a protected status only if its own status is what comes of it.
  const isProtected = state.status !== rule.status && table.protectedStatuses.includes(status);
  return isProtected || table.leftAlone(rule).includes(status) ? status : state.status;
};

/** Whether the occurrence is the newest, by whatever name it means. */
export const isLastEvent = ({ id, at }: NamedOccurrence, { lastEvent }: TenantState): boolean =>
  lastEvent.id === id && lastEvent.at === at;
