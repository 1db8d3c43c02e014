import { keyOf, type Mutant } from "./mutant.ts";
import type { TriedMutant } from "./run-mutants.ts";

/** What became of the mutants of a room. */
export interface MutationResult {
  readonly noticed: readonly Mutant[];
  readonly unnoticed: readonly Mutant[];
  /** Nothing is known of these: they take effect while a module is loaded, and were not asked for. */
  readonly leftOut: readonly Mutant[];
}

/** What the second pass is to try. */
export const whatIsLeft = (first: readonly TriedMutant[], withoutStatic: boolean): readonly TriedMutant[] =>
  first.filter(({ fate }) => fate === "unnoticed" || (fate === "static, left out" && !withoutStatic));

/**
 * The verdict of both passes.
 * @throws {Error} when the second pass did not try what the first one left: nothing would be known of it, and it must not count.
 */
export const joinPasses = (
  first: readonly TriedMutant[],
  second: readonly TriedMutant[],
  withoutStatic: boolean,
): MutationResult => {
  const fates = new Map(second.map((mutant) => [keyOf(mutant), mutant.fate]));
  const left = whatIsLeft(first, withoutStatic).map((mutant) => {
    const fate = fates.get(keyOf(mutant));
    if (fate === undefined || fate === "not tried")
      throw new Error(`The second pass did not try ${keyOf(mutant)}`);
    return { ...mutant, fate };
  });
  const having = (fate: TriedMutant["fate"], mutants: readonly TriedMutant[]): readonly Mutant[] =>
    mutants.filter((mutant) => mutant.fate === fate);
  return {
    noticed: [...having("noticed", first), ...having("noticed", left)],
    unnoticed: having("unnoticed", left),
    leftOut: [
      ...(withoutStatic ? having("static, left out", first) : []),
      ...having("static, left out", left),
    ],
  };
};
