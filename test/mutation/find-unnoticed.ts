import { joinPasses, type MutationResult, whatIsLeft } from "./join-passes.ts";
import type { MutatedRoom } from "./mutated-rooms.ts";
import { runMutants } from "./run-mutants.ts";

/**
 * The quick tests are asked about the mutants that do not need a process each; all tests are asked about what is left. Without quick
 * tests, all are asked at once. That is for a few files: of a file that no test loads Stryker learns no coverage, and runs every test
 * for each of its mutants.
 */
export const findUnnoticed = async (
  name: string,
  { mutate, quickTests, allTests }: MutatedRoom,
  withoutStatic: boolean,
): Promise<MutationResult> => {
  const report = (pass: string): string => `dist/mutation/${name}-${pass}.html`;
  if (quickTests.length === 0) {
    const only = await runMutants({ mutate, tests: allTests, report: report("all"), withoutStatic });
    return joinPasses(only, only, withoutStatic);
  }
  const first = await runMutants({ mutate, tests: quickTests, report: report("quick"), withoutStatic: true });
  const left = whatIsLeft(first, withoutStatic);
  const second =
    left.length === 0
      ? []
      : await runMutants({
          mutate: [...new Set(left.map(({ range }) => range))],
          tests: allTests,
          report: report("all"),
          withoutStatic,
        });
  return joinPasses(first, second, withoutStatic);
};
