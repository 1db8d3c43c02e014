import { Ajv } from "ajv";
import data from "../handler/transitions.json" with { type: "json" };
import schema from "../handler/transitions.schema.json" with { type: "json" };
import { breachesOfFastPathRules } from "./fast-path-rules.ts";
import type { TransitionData } from "../handler/transition-table.ts";

/** handler/transitions.json is wrong. */
export class TransitionsError extends Error {
  override readonly name = "TransitionsError";

  constructor(readonly problems: readonly string[]) {
    super(`handler/transitions.json is wrong:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
  }
}

const validate = new Ajv({ allErrors: true }).compile<TransitionData>(schema);

/**
 * Checks a transition table: its form by the schema, and what a schema cannot say.
 * @throws {TransitionsError} naming each problem and where it is.
 */
export const checkTransitions = (table: unknown = data): void => {
  if (!validate(table)) {
    throw new TransitionsError(
      (validate.errors ?? []).map(
        ({ instancePath, message = "is not valid", params }) =>
          `${instancePath || "/"} ${message}${"additionalProperty" in params ? ` (${String(params["additionalProperty"])})` : ""}`,
      ),
    );
  }
  const problems = [...findContradictions(table), ...breachesOfFastPathRules(table)];
  if (problems.length > 0) throw new TransitionsError(problems);
};

/** An event name must have one meaning, whatever the reason. */
const findContradictions = ({ events }: TransitionData): string[] => {
  const meanings = new Map<string, string>();
  const problems: string[] = [];
  events.forEach(({ name, from }, index) => {
    const sources = [{ path: `/events/${index}/name`, eventName: name, reasonContains: undefined }].concat(
      from.map(({ eventName, reasonContains }, source) => ({
        path: `/events/${index}/from/${source}`,
        eventName,
        reasonContains: reasonContains as undefined,
      })),
    );
    for (const { path, eventName, reasonContains } of sources) {
      const key = JSON.stringify([eventName, reasonContains]);
      const known = meanings.get(key);
      if (known !== undefined)
        problems.push(`${path} maps ${eventName} a second time; ${known} does already`);
      meanings.set(key, path);
    }
  });
  return problems;
};
