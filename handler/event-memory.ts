import { toWholeSeconds } from "./event-time.ts";
import type { TransitionTable } from "./transition-table.ts";

/** One occurrence of a canonical event. */
export interface Occurrence {
  /** The envelope `time`, UTC, whole seconds. Never `detail.updatedAt`, which ECS sets up to minutes before. */
  readonly at: string;
  /** The EventBridge event id. */
  readonly id: string;
  /** The ECS deployment it speaks of; only Deployment State Change events name one. */
  readonly deploymentId?: string | undefined;
  /** Who sent the event, where that was not ECS. In the memory, so that a row says the same in whatever order it was written. */
  readonly source?: string | undefined;
}

/** An occurrence together with the name of its canonical event. */
export interface NamedOccurrence extends Occurrence {
  readonly name: string;
}

/**
 * What a row remembers: of all occurrences seen, those that no other makes irrelevant. A state-based CRDT: merging is
 * commutative, associative and idempotent, so that a memory is the same in whatever order, and however often, its
 * events arrived. The status that it folds to is the one that the whole history folds to.
 */
export type EventMemory = readonly NamedOccurrence[];

/** Deployments that are told apart for each event. More since the last start would be a service out of control. */
const MAX_DEPLOYMENTS = 10;

/** ECS may tell of one thing under both detail-types, up to a second apart. */
const TWIN_MS = 1000;

/** Merges one occurrence into a memory. Returns the very same memory when the occurrence adds nothing. */
export const remember = (
  memory: EventMemory,
  occurrence: NamedOccurrence,
  table: TransitionTable,
): EventMemory => {
  if (memory.some((known) => makesIrrelevant(known, occurrence, table))) return memory;
  const relevant = memory.filter((known) => !makesIrrelevant(occurrence, known, table));
  const rivals = [...relevant, occurrence].filter(
    ({ name, deploymentId }) => name === occurrence.name && deploymentId !== undefined,
  );
  if (rivals.length <= MAX_DEPLOYMENTS) return [...relevant, occurrence];
  const [oldest] = sortOccurrences(rivals, table);
  return oldest === occurrence ? memory : [...relevant.filter((known) => known !== oldest), occurrence];
};

/** Oldest first. */
export const sortOccurrences = (
  occurrences: readonly NamedOccurrence[],
  table: TransitionTable,
): NamedOccurrence[] => occurrences.toSorted((a, b) => compareOccurrences(a, b, table));

/**
 * Orders any two occurrences: by time, then by precedence. Of one event's in one second, the one that names its
 * deployment counts as the newer: which deployment is the current one must not depend on how two random ids compare.
 */
export const compareOccurrences = (a: NamedOccurrence, b: NamedOccurrence, table: TransitionTable): number =>
  compareText(a.at, b.at) ||
  table.precedence(a.name) - table.precedence(b.name) ||
  Number(a.deploymentId !== undefined) - Number(b.deploymentId !== undefined) ||
  compareText(a.id, b.id);

/**
 * Whether nothing that comes can make the one matter again, now that the other is known. Transitive, so that the order
 * in which occurrences are compared makes no difference.
 *
 *     the same again, or an older one of its kind and deployment
 *     all before a start that resets the status: what happened to earlier deployments is over
 *     the twin that does not name its deployment, once the one that does is known
 */
const makesIrrelevant = (known: NamedOccurrence, other: NamedOccurrence, table: TransitionTable): boolean => {
  const isNewer = compareOccurrences(known, other, table) >= 0;
  if (known.name === other.name && registerOf(known, table) === registerOf(other, table)) return isNewer;
  if (isTwin(known, other, table)) return true;
  if (!isNewer || !cutsOff(known, table)) return false;
  // One that may have a twin is kept for as long as the twin may still be told from another event by it.
  const mayHaveTwin = other.deploymentId !== undefined && table.isOfDeployment(other.name);
  return !(mayHaveTwin && Date.parse(other.at) >= Date.parse(known.at) - TWIN_MS);
};

/** An event that counts for its own deployment only is remembered for each deployment; others once. */
const registerOf = ({ name, deploymentId }: NamedOccurrence, table: TransitionTable): string => {
  const rule = table.rule(name);
  // Stryker disable next-line StringLiteral: any text that is no deployment does
  if (rule?.onlyCurrentDeployment === true) return deploymentId ?? "";
  const isStart = rule?.startsDeployment === true;
  // Stryker disable next-line EqualityOperator: two values that differ are all that is asked for
  const isNamed = deploymentId !== undefined;
  return String(isStart && isNamed);
};

/** Only a start that names its deployment: the twin of another is no start, and may be told from it only later. */
export const cutsOff = ({ name, deploymentId }: NamedOccurrence, table: TransitionTable): boolean =>
  deploymentId !== undefined && table.resets(name);

const isTwin = (known: NamedOccurrence, other: NamedOccurrence, table: TransitionTable): boolean =>
  known.deploymentId !== undefined &&
  other.deploymentId === undefined &&
  table.twinsOf(other.name).includes(known.name) &&
  Date.parse(other.at) <= Date.parse(known.at) + TWIN_MS;

/** The latest second that is too early to hold a twin of what happens at this time. */
export const beforeTwins = (at: string): string =>
  toWholeSeconds(new Date(Date.parse(at) - TWIN_MS).toISOString());

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
