import { type Check, type Finding, fail, type Progress, skip } from "./check.ts";
import { isAborted, ObstacleError, OperatorError } from "./errors.ts";

/** A check and what came of it. */
export interface Checked {
  readonly check: Check;
  readonly finding: Finding;
}

/** Hears of the checks as they run, in order. */
export interface CheckObserver {
  started(check: Check): void;
  progressed(check: Check, progress: Progress): void;
  finished(check: Check, finding: Finding): void;
}

export interface RunChecksOptions {
  readonly dryRun: boolean;
  /** Once aborted, the checks that have not begun are skipped; the one that runs is waited for. */
  readonly signal: AbortSignal;
  readonly observer: CheckObserver;
  readonly explainError: ExplainError;
}

/** Says in one line what an error of the outside world means; undefined for a bug, which ends the run. */
export type ExplainError = (error: unknown) => string | undefined;

/** Runs a checklist, one check after the other: each has a finding, whatever happens to the others. */
export const runChecks = async (
  checks: readonly Check[],
  { dryRun, signal, observer, explainError }: RunChecksOptions,
): Promise<Checked[]> => {
  const checked: Checked[] = [];
  for (const check of checks) {
    observer.started(check);
    const finding = signal.aborted
      ? skip(INTERRUPTED)
      : (findObstacle(check, checked) ??
        (await carryOut(check, dryRun, explainError, (progress) => {
          observer.progressed(check, progress);
        })));
    observer.finished(check, finding);
    checked.push({ check, finding });
  }
  return checked;
};

const INTERRUPTED = "interrupted";

/** What went wrong before and makes this check pointless. */
const findObstacle = (check: Check, before: readonly Checked[]): Finding | undefined => {
  const obstacle = before.find(
    (earlier) =>
      (earlier.finding.outcome === "fail" || earlier.finding.outcome === "inconclusive") &&
      (earlier.check.stage === check.stage ? check.dependent === true : check.afterFailure !== true),
  );
  return obstacle === undefined ? undefined : skip(`not run, because of: ${obstacle.check.title}`);
};

const carryOut = async (
  { skip: findReasonToSkip, preview, run }: Check,
  dryRun: boolean,
  explainError: ExplainError,
  progress: (progress: Progress) => void,
): Promise<Finding> => {
  try {
    const reason = await findReasonToSkip?.();
    if (reason !== undefined) return skip(reason);
    return dryRun && preview !== undefined ? skip(`would ${await preview()}`) : await run(progress);
  } catch (error) {
    if (isAborted(error)) return skip(INTERRUPTED);
    const explanation =
      error instanceof OperatorError || error instanceof ObstacleError ? error.message : explainError(error);
    if (explanation === undefined) throw error;
    return fail(explanation);
  }
};
