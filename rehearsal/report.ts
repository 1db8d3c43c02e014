import { describeFinding } from "../checklist/check-line.ts";
import type { Check, Finding } from "../checklist/check.ts";

/** One line of the rehearsal's checklist. */
export type Step = Pick<Check, "title" | "run">;

export interface Stage {
  readonly title: string;
  /** Without it nothing else makes sense. */
  readonly isGround?: true;
  readonly steps: readonly Step[];
}

export interface Result {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Output {
  write(text: string): unknown;
}

/** Runs all steps in order, a line each. After a failure, the rest of its stage does not run, as it builds on it. */
export const runStages = async (
  stages: readonly Stage[],
  output: Output,
  signal: AbortSignal,
): Promise<Result> => {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  let isGroundless = false;
  for (const { title, isGround, steps } of stages) {
    if (!isGroundless && !signal.aborted) output.write(`\n${title}\n`);
    let isBroken: boolean = isGroundless;
    for (const step of steps) {
      if (isBroken || signal.aborted) {
        counts.skipped++;
        continue;
      }
      const startedAt = performance.now();
      const finding = await carryOut(step);
      if (isAborted(signal)) {
        counts.skipped++;
        continue;
      }
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(6);
      const isGood = finding.outcome === "pass" || finding.outcome === "skip";
      counts[isGood ? "passed" : "failed"]++;
      isBroken = !isGood;
      const mark = isGood ? "ok  " : "FAIL";
      output.write(
        `  ${mark} ${seconds} s  ${isGood ? brief(step, finding) : describeFinding(step, finding)}\n`,
      );
    }
    isGroundless ||= isBroken && isGround === true;
  }
  return counts;
};

/** Asked anew after each step, whatever the compiler concludes from the last answer. */
const isAborted = ({ aborted }: AbortSignal): boolean => aborted;

/** What was expected is only news when it was not found. */
const brief = ({ title }: Step, { found }: Finding): string => (found === "" ? title : `${title}: ${found}`);

const carryOut = async (step: Step): Promise<Finding> => {
  try {
    return await step.run(() => undefined);
  } catch (error) {
    return {
      outcome: "fail",
      found: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
};
