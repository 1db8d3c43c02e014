import type { MutationResult } from "./join-passes.ts";

/** Per cent of the mutants that a test noticed; what was left out counts for neither side. Of a room without mutants nothing was shown. */
const scoreOf = ({ noticed, unnoticed }: MutationResult): number =>
  noticed.length === 0 ? 0 : (100 * noticed.length) / (noticed.length + unnoticed.length);

export const isEnough = (result: MutationResult, minScore: number): boolean => scoreOf(result) >= minScore;

/** What is said about a room: each mutant that no test noticed, and one line that sums it up. */
export const describeVerdict = (
  name: string,
  result: MutationResult,
  minScore: number,
): { readonly details: string; readonly summary: string } => {
  const { noticed, unnoticed, leftOut } = result;
  return {
    details: [
      unnoticed.length === 0
        ? `\nTests notice every mutant in ${name} that was tried.`
        : `\nNo test notices these in ${name}; dist/mutation/${name}-all.html shows them in their code:`,
      ...unnoticed.map(
        ({ range, mutator, replacement }) =>
          `  ${range}  ${mutator}  ${replacement.replaceAll(/\s+/g, " ").slice(0, 80)}`,
      ),
    ].join("\n"),
    summary:
      `${name}: ${noticed.length} of ${noticed.length + unnoticed.length} mutants noticed, ` +
      // Rounded down: what is not enough must not look as if it were.
      `${(Math.floor(10 * scoreOf(result)) / 10).toFixed(1)} % (at least ${minScore} %)` +
      (leftOut.length === 0 ? "" : `, ${leftOut.length} static ones left out`) +
      (isEnough(result, minScore) ? "" : ": TOO FEW"),
  };
};
