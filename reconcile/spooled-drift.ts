import type { TransitionTable } from "../handler/transition-table.ts";
import type { Drift } from "./fleet-finding.ts";
import { readObservation, type SpooledObservation, writeObservation } from "./spooled-observation.ts";

/** A drift as JSON: the events by their names. */
export type SpooledDrift = Omit<Drift, "observation" | "events"> & {
  readonly observation: SpooledObservation;
  readonly events: readonly string[];
};

export const writeDrift = ({ observation, events, ...drift }: Drift): SpooledDrift => ({
  ...drift,
  observation: writeObservation(observation),
  events: events.map(({ name }) => name),
});

export const readDrift = (
  { observation, events, ...drift }: SpooledDrift,
  table: TransitionTable,
): Drift => ({
  ...drift,
  rowSays: drift.rowSays,
  rowSince: drift.rowSince,
  observation: readObservation(observation, table),
  events: events.flatMap((name) => table.rule(name) ?? []),
});
