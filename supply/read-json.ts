import { readFileSync } from "node:fs";
import { OperatorError } from "../checklist/errors.ts";

/**
 * What a JSON file says.
 * @throws {OperatorError} when it cannot be read, or is no JSON.
 */
export const readJson = (file: string): unknown => {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new OperatorError(`Cannot read ${file}: ${messageOf(cause)}`, { cause });
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OperatorError(`${file} is not JSON: ${messageOf(cause)}`, { cause });
  }
};

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
