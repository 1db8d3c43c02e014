/** The operator asked for something that cannot be. The message says what, and what to do; exit code 2, no stack trace. */
export class OperatorError extends Error {
  override readonly name = "OperatorError";
}

/** Something is not as a check needs it. The message says what, and what to do; the check fails with it. */
export class ObstacleError extends Error {
  override readonly name = "ObstacleError";
}

/** True for what Node and the AWS SDK throw when the signal that they were given is aborted. */
export const isAborted = (error: unknown): boolean => error instanceof Error && error.name === "AbortError";
