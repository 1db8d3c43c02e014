import {
  compareOccurrences,
  type EventMemory,
  type NamedOccurrence,
  type Occurrence,
} from "./event-memory.ts";
import type { TransitionTable } from "./transition-table.ts";

/**
 * A memory as the row's `events` keeps it: by canonical name the newest occurrence, and in it, where a name has more,
 * the others, newest first. In this form rows of earlier versions are memories, and earlier versions can read ours.
 */
export type MemoryAttribute = Readonly<Record<string, RememberedEvent>>;

export interface RememberedEvent extends Occurrence {
  readonly others?: readonly Occurrence[] | undefined;
}

export const readMemory = (attribute: MemoryAttribute): EventMemory =>
  Object.entries(attribute).flatMap(([name, { others = [], ...newest }]) =>
    [newest, ...others].map((occurrence) => ({ name, ...occurrence })),
  );

export const writeMemory = (memory: EventMemory, table: TransitionTable): MemoryAttribute =>
  Object.fromEntries(
    [...new Set(memory.map(({ name }) => name))].map((name) => {
      const [newest, ...others] = memory
        .filter((occurrence) => occurrence.name === name)
        .sort((a, b) => compareOccurrences(b, a, table))
        .map(withoutName);
      return [name, others.length === 0 ? newest : { ...newest, others }] as [string, RememberedEvent];
    }),
  );

export const withoutName = ({ at, id, deploymentId, source }: NamedOccurrence): Occurrence => ({
  at,
  id,
  deploymentId,
  source,
});
