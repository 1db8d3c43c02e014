import { type Check, type Finding, fail, mistake, type Progress, skip } from "./check.ts";
import { type Explanation, isAborted, ObstacleError, OperatorError } from "./errors.ts";
import { isStage, type ListedCheck, type Stage } from "./stage.ts";

/** A check and what came of it. */
export interface Checked extends ListedCheck {
  readonly finding: Finding;
}

/** Hears of the checks as they run, in order. */
export interface CheckObserver {
  /** Not told of checks that are not run: because of one before, or of an interruption. */
  started(check: ListedCheck): void;
  progressed(check: ListedCheck, progress: Progress): void;
  finished(check: ListedCheck, finding: Finding): void;
}

export interface RunChecksOptions {
  readonly dryRun: boolean;
  /** Once aborted, the checks that have not begun are skipped, except what finishes a change; the one that runs is waited for. */
  readonly signal: AbortSignal;
  readonly observer: CheckObserver;
  readonly explainError: ExplainError;
}

/** Says what an error of the outside world means; undefined for a bug, which ends the run. */
export type ExplainError = (error: unknown) => Explanation | undefined;

/** Runs a stage, one check after the other: each has a finding, whatever happens to the others. */
export const runChecks = async (stage: Stage, options: RunChecksOptions): Promise<readonly Checked[]> => {
  const checked: Checked[] = [];
  const runOne: RunOne = async (check, { title, obstacle, skips }) => {
    const listed = { stage: title, check };
    const finding = await find(listed, obstacle, skips, options);
    options.observer.finished(listed, finding);
    checked.push({ ...listed, finding });
    return finding.outcome === "pass" || finding.outcome === "skip" ? undefined : check;
  };
  await runStage(stage, { title: undefined, obstacle: undefined, skips: [] }, runOne);
  return checked;
};

/** What a check or a stage has from the stages around it. */
interface Surroundings {
  readonly title: string | undefined;
  /** What went wrong before and makes it pointless. */
  readonly obstacle: Check | undefined;
  readonly skips: readonly FindReasonToSkip[];
}

type FindReasonToSkip = () => Promise<string | undefined>;

/** Both resolve with what went wrong first, if anything did. */
type RunOne = (check: Check, around: Surroundings) => Promise<Check | undefined>;

const runStage = async (stage: Stage, around: Surroundings, runOne: RunOne): Promise<Check | undefined> => {
  const title = stage.title ?? around.title;
  const skips = stage.skip === undefined ? around.skips : [...around.skips, stage.skip];
  let { obstacle } = around;
  let firstTrouble: Check | undefined;
  for (const one of stage.checks) {
    const within = { title, obstacle, skips };
    const trouble = isStage(one) ? await runStage(one, within, runOne) : await runOne(one, within);
    firstTrouble ??= trouble;
    if (stage.runs === "until-failure") obstacle ??= trouble;
  }
  return firstTrouble;
};

const INTERRUPTED = "interrupted";

const find = async (
  listed: ListedCheck,
  obstacle: Check | undefined,
  skips: readonly FindReasonToSkip[],
  { dryRun, signal, observer, explainError }: RunChecksOptions,
): Promise<Finding> => {
  if (signal.aborted && listed.check.finishes?.() !== true) return skip(INTERRUPTED);
  if (obstacle !== undefined) return skip(`not run, because of: ${obstacle.title}`);
  observer.started(listed);
  const { skip: ownSkip, preview, run } = listed.check;
  try {
    for (const findReason of ownSkip === undefined ? skips : [...skips, ownSkip]) {
      const reason = await findReason();
      if (reason !== undefined) return skip(reason);
    }
    if (dryRun && preview !== undefined) return skip(`would ${await preview()}`);
    return await run((progress) => {
      observer.progressed(listed, progress);
    });
  } catch (error) {
    if (isInterruption(error, signal)) return skip(INTERRUPTED);
    if (error instanceof OperatorError) return withAdviceOf(error, mistake(error.message));
    const explanation = error instanceof ObstacleError ? error : explainError(error);
    if (explanation === undefined) throw error;
    return withAdviceOf(explanation, fail(explanation.message));
  }
};

const withAdviceOf = ({ hint, next }: Explanation, finding: Finding): Finding => ({ ...finding, hint, next });

const isInterruption = (error: unknown, { aborted }: AbortSignal): boolean => aborted && isAborted(error);
