import { Stryker } from "@stryker-mutator/core";

/** A small change of the code, and what became of it. */
export interface Mutant {
  /** `handler/event-time.ts:12:4-12:19` */
  readonly range: string;
  readonly mutator: string;
  readonly replacement: string;
  readonly fate: Fate;
}

/**
 * Whether a test noticed. A static mutant takes effect while its module is loaded: each costs a process of its own, in which all
 * tests run. What does not compile, or is waived by a comment, is not tried.
 */
export type Fate = "noticed" | "unnoticed" | "static, left out" | "not tried";

export interface MutationRun {
  /** Files, or ranges of them. */
  readonly mutate: readonly string[];
  readonly tests: readonly string[];
  /** Where the HTML report goes to. */
  readonly report: string;
  /** True to leave out static mutants. */
  readonly withoutStatic: boolean;
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
}: MutationRun): Promise<readonly Mutant[]> => {
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
  return results.map(
    ({ fileName, location: { start, end }, mutatorName, replacement, status, statusReason }) => ({
      range: `${fileName}:${start.line + 1}:${start.column}-${end.line + 1}:${end.column}`,
      mutator: mutatorName,
      replacement,
      fate: fateOf(status, statusReason),
    }),
  );
};

/** After a timeout: the mutant is a loop that no longer ends. */
const fateOf = (status: string, reason = ""): Fate => {
  switch (status) {
    case "Killed":
    case "Timeout":
    case "RuntimeError":
      return "noticed";
    case "Survived":
    case "NoCoverage":
      return "unnoticed";
    default:
      return reason.startsWith("Static mutant") ? "static, left out" : "not tried";
  }
};
