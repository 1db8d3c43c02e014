import type { Text } from "./display.ts";
import type { Advice } from "./errors.ts";

/** One line of a command's checklist: something to look at, or something to do. */
export interface Check {
  readonly title: string;
  /** Why there is nothing to do here, when there is not. Asked first. */
  readonly skip?: () => Promise<string | undefined>;
  /** True once it runs although the operator has interrupted: what was begun would else be left half done. */
  readonly finishes?: () => boolean;
  /** True for what listens until the operator has enough: its silence means that nothing has happened. */
  readonly waitsForNews?: () => boolean;
  /**
   * For what changes something: says what it would do ("would …" is put before it) and changes nothing. A dry run calls
   * this in place of `run`.
   */
  readonly preview?: () => Promise<string>;
  /**
   * Errors of AWS that it throws become its finding, a failed one, and an OperatorError a mistake; an AbortError
   * after an interruption says that; anything else is a bug and ends the command.
   */
  readonly run: (progress: ReportProgress) => Promise<Finding>;
}

export type ReportProgress = (progress: Progress) => void;

/** How far something long has come. */
export interface Progress {
  readonly done: number;
  /** Undefined where nobody knows: a bar would say that it is done. */
  readonly total: number | undefined;
  readonly text?: string;
  /** What there is to see so far, whole: a live list shows the latest in place of a bar, plain lines show each that differs. */
  readonly view?: Text;
  /** What has come since, for people who read along: printed below what is there. */
  readonly news?: Text;
  /** Of the command itself, for those who read along: a line on the error stream, beside what it prints. */
  readonly notice?: string;
  /** For machines: printed as they come, a line each, before the report. */
  readonly records?: readonly object[];
}

/**
 * What a check found. `inconclusive`: there was too little to judge by. `skip`: there was nothing to check or do, which
 * is as good as a pass. `mistake`: the command line asks for what does not exist, which only a look could tell; nothing was
 * done.
 */
export interface Finding extends Advice {
  readonly outcome: Outcome;
  readonly expected: string | undefined;
  readonly found: string;
}

export type Outcome = "pass" | "fail" | "mistake" | "inconclusive" | "skip";

export const pass = (found: string, expected?: string): Finding => finding("pass", found, expected);
export const fail = (found: string, expected?: string): Finding => finding("fail", found, expected);
export const mistake = (found: string): Finding => finding("mistake", found);
export const inconclusive = (found: string, expected?: string): Finding =>
  finding("inconclusive", found, expected);
export const skip = (found: string): Finding => finding("skip", found);

/** A pass if the condition holds, else a failure. */
export const judge = (holds: boolean, found: string, expected: string): Finding =>
  holds ? pass(found, expected) : fail(found, expected);

const finding = (outcome: Outcome, found: string, expected?: string): Finding => ({
  outcome,
  expected,
  found,
});
