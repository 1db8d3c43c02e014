import { ErrorWithAdvice } from "../checklist/errors.ts";

/** What was asked for cannot be done: told in one sentence, without a stack. */
export class UsageError extends ErrorWithAdvice {
  override readonly name = "UsageError";
}

/** The function's process did not come up, as when its environment variables are wrong. */
export class FunctionStartError extends Error {
  override readonly name = "FunctionStartError";
}
