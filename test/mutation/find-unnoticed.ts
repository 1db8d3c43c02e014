import type { MutatedRoom } from "./mutated-rooms.ts";
import { type Fate, type Mutant, runMutants } from "./run-mutants.ts";

/** What was tried in a room, and what of it no test noticed. */
export interface MutationResult {
  readonly tried: readonly Mutant[];
  readonly unnoticed: readonly Mutant[];
}

/**
 * The quick tests are asked about the mutants that do not need a process each; all tests are asked about what is left, the
 * quick ones first.
 */
export const findUnnoticed = async (
  name: string,
  { mutate, quickTests, allTests }: MutatedRoom,
  withoutStatic: boolean,
): Promise<MutationResult> => {
  const report = (pass: string): string => `dist/mutation/${name}-${pass}.html`;
  const first = await runMutants({ mutate, tests: quickTests, report: report("quick"), withoutStatic: true });
  const fates: readonly Fate[] = [
    "noticed",
    "unnoticed",
    ...(withoutStatic ? [] : ["static, left out" as const]),
  ];
  const tried = first.filter(({ fate }) => fates.includes(fate));
  const left = tried.filter(({ fate }) => fate !== "noticed");
  if (left.length === 0) return { tried, unnoticed: [] };
  const again = await runMutants({
    mutate: left.map(({ range }) => range),
    tests: allTests,
    report: report("all"),
    withoutStatic,
  });
  const noticed = new Set(again.filter(({ fate }) => fate === "noticed").map(keyOf));
  return { tried, unnoticed: left.filter((mutant) => !noticed.has(keyOf(mutant))) };
};

/** A range has several mutants. */
const keyOf = ({ range, mutator, replacement }: Mutant): string => `${range} ${mutator} ${replacement}`;
