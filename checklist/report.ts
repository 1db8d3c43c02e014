import type { Outcome } from "./check.ts";
import type { Advice } from "./errors.ts";
import { type ExitCode, exitCodeOf, type OverallOutcome, overallOutcome } from "./exit-code.ts";
import type { Checked } from "./run-checks.ts";
import type { Result } from "./stage.ts";

/** What a command comes to; `--json` prints it as it is. */
export interface Report {
  readonly command: string;
  readonly environment: string;
  readonly dryRun: boolean;
  readonly outcome: OverallOutcome;
  readonly exitCode: ExitCode;
  /** Stopped by Ctrl-C before its end. */
  readonly interrupted: boolean;
  readonly checks: readonly ReportedCheck[];
  readonly result?: object | undefined;
}

interface ReportedCheck extends Advice {
  readonly stage?: string | undefined;
  readonly title: string;
  readonly outcome: Outcome;
  readonly expected?: string | undefined;
  readonly found: string;
}

export interface ReportOptions {
  readonly command: string;
  readonly environment: string;
  readonly dryRun: boolean;
  readonly interrupted: boolean;
  readonly checked: readonly Checked[];
  readonly result: Result | undefined;
}

export const createReport = ({
  command,
  environment,
  dryRun,
  interrupted,
  checked,
  result,
}: ReportOptions): Report => {
  const outcome = overallOutcome(
    checked.map(({ finding }) => finding.outcome),
    interrupted,
  );
  return {
    command,
    environment,
    dryRun,
    outcome,
    exitCode: exitCodeOf(outcome),
    interrupted,
    checks: checked.map(({ stage, check: { title }, finding }) => ({
      stage,
      title,
      ...finding,
    })),
    result: result?.data,
  };
};
