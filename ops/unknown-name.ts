import { OperatorError } from "../checklist/errors.ts";
import { suggestNearest } from "./nearest.ts";

/** `Unknown environment "prdo". Known: dev, sit, prod. Did you mean prod?` */
export const unknownName = (what: string, typed: string, known: readonly string[]): OperatorError =>
  new OperatorError(`Unknown ${what} ${JSON.stringify(typed)}. Known: ${known.join(", ")}`, {
    hint: suggestNearest(typed, known),
  });
