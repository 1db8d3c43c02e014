import { OperatorError } from "../checklist/errors.ts";
import { suggestNearest } from "./nearest.ts";

/** `Unknown status "FAILD". Known: ACTIVE, FAILED. Did you mean FAILED?` */
export const unknownName = (what: string, typed: string, known: readonly string[]): OperatorError =>
  new OperatorError(`Unknown ${what} ${JSON.stringify(typed)}. Known: ${known.join(", ")}`, {
    hint: suggestNearest(typed, known),
  });
