/** What to do about an error, as data: people read it in the line of the error, machines in `--json`. */
export interface Advice {
  /** What to try, or what would help. */
  readonly hint?: string | undefined;
  /** The command that comes next, as typed. */
  readonly next?: string | undefined;
}

/** What happened, in one line, and what to do about it. */
export interface Explanation extends Advice {
  readonly message: string;
}

interface AdviceOptions extends Advice {
  readonly cause?: unknown;
}

/** The message says what happened; what to do is data of its own. Each room's own errors for people extend it. */
export abstract class ErrorWithAdvice extends Error implements Explanation {
  readonly hint: string | undefined;
  readonly next: string | undefined;

  constructor(message: string, { hint, next, ...options }: AdviceOptions = {}) {
    super(message, options);
    this.hint = hint;
    this.next = next;
  }
}

/** The operator asked for something that cannot be done: exit code 2, no stack trace. */
export class OperatorError extends ErrorWithAdvice {
  override readonly name = "OperatorError";
}

/** Something is not as a check needs it: the check fails with this message. */
export class ObstacleError extends ErrorWithAdvice {
  override readonly name = "ObstacleError";
}

/** `What happened. What to try: the command that comes next` */
export const describeExplanation = ({ message, ...advice }: Explanation): string =>
  withAdvice(message, advice);

/** A text, and what to do about what it says. */
export const withAdvice = (text: string, { hint, next }: Advice): string => {
  const advice = [hint ?? (next === undefined ? undefined : "Next"), next].filter(
    (part) => part !== undefined,
  );
  return advice.length === 0 ? text : `${text.replace(/\.$/, "")}. ${advice.join(": ")}`;
};

/** True for what Node and the AWS SDK throw when the signal that they were given is aborted. */
export const isAborted = (error: unknown): boolean => error instanceof Error && error.name === "AbortError";
