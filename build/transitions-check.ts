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
  const problems = [
    ...findContradictions(table),
    ...findMissingStatuses(table),
    ...findUnclearStates(table),
    ...breachesOfFastPathRules(table),
  ];
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

/** The tools know a status by its entry: each that an event leads to has one, and no other has. */
const findMissingStatuses = ({ statuses, events }: TransitionData): string[] => {
  const reached = new Set(events.map(({ status }) => status));
  return [
    ...events.flatMap(({ status }, index) =>
      Object.hasOwn(statuses, status)
        ? []
        : [`/events/${index}/status is ${status}: add it to /statuses, with its color and what refutes it`],
    ),
    ...Object.keys(statuses).flatMap((status) =>
      reached.has(status) ? [] : [`/statuses/${status} is a status that no event leads to: remove it`],
    ),
  ];
};

/** Reconcile needs one event for each state that DescribeServices can show. */
const findUnclearStates = ({ events }: TransitionData): string[] =>
  schema.$defs.rule.properties.seenAs.enum.flatMap((state) => {
    const names = events.filter(({ seenAs }) => seenAs === state).map(({ name }) => name);
    return names.length === 1
      ? []
      : [`/events must have exactly one event seenAs ${state}, not ${names.join(" and ") || "none"}`];
  });
