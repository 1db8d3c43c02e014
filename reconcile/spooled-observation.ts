import type { TransitionTable } from "../handler/transition-table.ts";
import type { Observation } from "./observation.ts";

/** An observation as JSON: the rule by its name, as the table has one object for each. */
export type SpooledObservation = Omit<Observation, "verdict"> & {
  readonly verdict: Omit<Observation["verdict"], "rule"> & { readonly rule: string };
};

export const writeObservation = ({ verdict, ...observation }: Observation): SpooledObservation => ({
  ...observation,
  verdict: { ...verdict, rule: verdict.rule.name },
});

export const readObservation = (
  { verdict, ...observation }: SpooledObservation,
  table: TransitionTable,
): Observation => {
  const rule = table.rule(verdict.rule);
  if (rule === undefined) throw new Error(`The transition table has no ${verdict.rule}`);
  const { says, since, unsettledSince, deploymentId } = verdict;
  return { ...observation, verdict: { rule, says, since, unsettledSince, deploymentId } };
};
