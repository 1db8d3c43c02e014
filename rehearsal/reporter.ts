import { describeFinding } from "../checklist/check-line.ts";
import type { Output } from "../checklist/reporter.ts";
import type { CheckObserver } from "../checklist/run-checks.ts";
import type { ListedCheck } from "../checklist/stage.ts";

/** What a rehearsal comes to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** Because of a failure before, or of an interruption. */
  readonly notRun: number;
}

/** Prints a line for each check that ran, with the seconds that it took, below the title of its stage. */
export const createReporter = (
  output: Output,
  signal: AbortSignal,
): CheckObserver & { readonly counts: () => Counts } => {
  const counts = { passed: 0, failed: 0, notRun: 0 };
  let stage: string | undefined;
  let running: { readonly listed: ListedCheck; readonly since: number } | undefined;
  return {
    started: (listed) => {
      if (listed.stage !== stage) output.write(`\n${listed.stage ?? ""}\n`);
      ({ stage } = listed);
      running = { listed, since: performance.now() };
    },
    progressed: () => undefined,
    finished: (listed, finding) => {
      // Whatever an interrupted check says is about the interruption.
      if (running?.listed !== listed || signal.aborted) {
        counts.notRun++;
        return;
      }
      const seconds = ((performance.now() - running.since) / 1000).toFixed(1).padStart(6);
      const isGood = finding.outcome === "pass" || finding.outcome === "skip";
      counts[isGood ? "passed" : "failed"]++;
      const { check } = listed;
      // What was expected is only news when it was not found.
      const brief = finding.found === "" ? check.title : `${check.title}: ${finding.found}`;
      output.write(
        `  ${isGood ? "ok  " : "FAIL"} ${seconds} s  ${isGood ? brief : describeFinding(check, finding)}\n`,
      );
    },
    counts: () => counts,
  };
};
