import type { MutationResult } from "./find-unnoticed.ts";

/** Per cent of the mutants that a test noticed. Of a room without mutants nothing was shown. */
const scoreOf = ({ tried, unnoticed }: MutationResult): number =>
  tried.length === 0 ? 0 : (100 * (tried.length - unnoticed.length)) / tried.length;

export const isEnough = (result: MutationResult, minScore: number): boolean => scoreOf(result) >= minScore;

/** What is said about a room: each mutant that no test noticed, and one line that sums it up. */
export const describeVerdict = (
  name: string,
  result: MutationResult,
  minScore: number,
): { readonly details: string; readonly summary: string } => ({
  details: [
    result.unnoticed.length === 0
      ? `\nTests notice every mutant in ${name}.`
      : `\nNo test notices these in ${name}; dist/mutation/${name}-all.html shows them in their code:`,
    ...result.unnoticed.map(
      ({ range, mutator, replacement }) =>
        `  ${range}  ${mutator}  ${replacement.replaceAll(/\s+/g, " ").slice(0, 80)}`,
    ),
  ].join("\n"),
  summary: `${name}: ${result.tried.length - result.unnoticed.length} of ${result.tried.length} mutants noticed, ${scoreOf(
    result,
  ).toFixed(1)} % (at least ${minScore} %)${isEnough(result, minScore) ? "" : ": TOO FEW"}`,
});
