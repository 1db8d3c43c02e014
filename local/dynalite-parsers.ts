import conditionParser from "dynalite/db/conditionParser.js";
import updateParser from "dynalite/db/updateParser.js";
import { parseOnce } from "./parse-once.ts";

const condition = parseOnce(conditionParser.parse);
const update = parseOnce(updateParser.parse);

/** Has every dynalite of this process parse an expression once: parsing is half of what a write takes it. */
export const haveDynaliteParseOnce = (): void => {
  conditionParser.parse = condition;
  updateParser.parse = update;
};
