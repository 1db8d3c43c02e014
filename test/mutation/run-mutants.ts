import { relative } from "node:path";
import { type Fate, fateOf, type Mutant, rangeOf } from "./mutant.ts";

export interface MutationRun {
  /** Files, or ranges of them. */
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  /** Where the HTML report goes to. */
  readonly report: string;
  /** True to leave out static mutants. */
  readonly withoutStatic: boolean;
}

/** A mutant, and what became of it. */
export interface TriedMutant extends Mutant {
  readonly fate: Fate;
}

/**
 * Changes the code in one small way after the other and runs the tests against each.
 * @see https://stryker-mutator.io/docs/stryker-js/configuration
 */
export const runMutants = async ({
  mutate,
  tests,
  report,
  withoutStatic,
}: MutationRun): Promise<readonly TriedMutant[]> => {
  // It takes a second to load, which --help does not need.
  const { Stryker } = await import("@stryker-mutator/core");
  const results = await new Stryker({
    mutate: [...mutate],
    testRunner: "mocha",
    testRunnerNodeArgs: ["--import=tsx"],
    mochaOptions: { "no-config": true, "no-package": true, spec: [...tests] },
    coverageAnalysis: "perTest",
    ignoreStatic: withoutStatic,
    ignorePatterns: ["dist", "cdktf.out", "coverage"],
    tempDirName: "dist/.stryker",
    reporters: ["html", "progress-append-only"],
    warnings: { slow: false, unknownOptions: true, preprocessorErrors: true, unserializableOptions: true },
    htmlReporter: { fileName: report },
    concurrency: 2,
    timeoutMS: 20_000,
    allowConsoleColors: false,
  }).runMutationTest();
  return results.map((result) => ({
    range: rangeOf(relative(process.cwd(), result.fileName), result.location),
    mutator: result.mutatorName,
    replacement: result.replacement,
    fate: fateOf(result, withoutStatic),
  }));
};
