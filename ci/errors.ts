import { ErrorWithAdvice } from "../checklist/errors.ts";

/** A step cannot go on: no stack trace. */
export class StepError extends ErrorWithAdvice {
  override readonly name = "StepError";
}
