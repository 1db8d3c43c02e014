/** A step cannot go on. The message says why, and what to do; no stack trace. */
export class StepError extends Error {
  override readonly name = "StepError";
}
