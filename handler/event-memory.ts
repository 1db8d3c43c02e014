import type { TransitionTable } from "./transition-table.ts";

/** One occurrence of a canonical event. */
export interface Occurrence {
  /** The envelope `time`, UTC, whole seconds. Never `detail.updatedAt`, which ECS sets up to minutes before. */
  readonly at: string;
  /** The EventBridge event id. */
  readonly id: string;
  /** The ECS deployment it speaks of; only Deployment State Change events name one. */
  readonly deploymentId?: string;
}

/** What a row remembers: for each canonical event the newest occurrence seen. */
export type EventMemory = Readonly<Record<string, Occurrence>>;

/** An occurrence together with the name of its canonical event. */
export interface NamedOccurrence extends Occurrence {
  readonly name: string;
}

/**
 * Merges one occurrence into a memory by keeping the newer of the two. Commutative, associative and idempotent, so
 * that a memory is the same in whatever order, and however often, its events arrived.
 * Returns the very same memory when the occurrence adds nothing.
 */
export const remember = (memory: EventMemory, { name, ...occurrence }: NamedOccurrence): EventMemory => {
  const known = Object.hasOwn(memory, name) ? memory[name] : undefined;
  if (known !== undefined && compareOccurrences(known, occurrence) >= 0) return memory;
  return { ...memory, [name]: occurrence };
};

/** The remembered occurrences that the table knows, oldest first: by time, then by precedence. */
export const sortOccurrences = (memory: EventMemory, table: TransitionTable): NamedOccurrence[] =>
  Object.entries(memory)
    .filter(([name]) => table.rule(name) !== undefined)
    .map(([name, occurrence]) => ({ name, ...occurrence }))
    .sort((a, b) => compareText(a.at, b.at) || table.precedence(a.name) - table.precedence(b.name));

/**
 * Orders two occurrences of one canonical event: by time, then by id. ECS may tell of one deployment under both
 * detail-types in the same second, and only one of the two names the deployment: that one counts as the newer, for
 * which deployment is the current one must not hang on how two random ids compare.
 */
const compareOccurrences = (a: Occurrence, b: Occurrence): number =>
  compareText(a.at, b.at) ||
  Number(a.deploymentId !== undefined) - Number(b.deploymentId !== undefined) ||
  compareText(a.id, b.id);

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
