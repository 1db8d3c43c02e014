import { Ajv } from "ajv";
import data from "../handler/transitions.json" with { type: "json" };
import schema from "../handler/transitions.schema.json" with { type: "json" };
import { breachesOfFastPathRules } from "./fast-path-rules.ts";
import type { TransitionData } from "../handler/transition-data.ts";

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
    ...findWrongMeanings(table),
    ...breachesOfFastPathRules(table),
  ];
  if (problems.length > 0) throw new TransitionsError(problems);
};

/** An event name must have one meaning, whatever the reason. */
const findContradictions = ({ events }: TransitionData): string[] => {
  const meanings = new Map<string, string>();
  const problems: string[] = [];
  events.forEach(({ name, from }, index) => {
    const claim = (path: string, eventName: string, reasonContains: string | undefined): void => {
      const key = JSON.stringify([eventName, reasonContains]);
      const known = meanings.get(key);
      if (known !== undefined)
        problems.push(`${path} maps ${eventName} a second time; ${known} does already`);
      meanings.set(key, path);
    };
    claim(`/events/${index}/name`, name, undefined);
    from.forEach(({ eventName, reasonContains = [undefined] }, source) => {
      for (const text of reasonContains) claim(`/events/${index}/from/${source}`, eventName, text);
    });
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

/** What an event means after some start must change the status as the event itself does: the fast path cannot tell. */
const findWrongMeanings = ({ events }: TransitionData): string[] =>
  events.flatMap(({ status, neverFrom, meansAfter = {} }, index) =>
    Object.entries(meansAfter).flatMap(([startedBy, meaning]) => {
      const path = `/events/${index}/meansAfter/${startedBy}`;
      const start = events.find(({ name }) => name === startedBy);
      const meant = events.find(({ name }) => name === meaning);
      if (start?.startsDeployment !== true) return [`${path} is no event that starts a deployment`];
      if (meant === undefined) return [`${path} is ${meaning}, which is no event of the table`];
      return meant.status === status && isSameSet(meant.neverFrom, neverFrom)
        ? []
        : [`${path} is ${meaning}, which must have the same status and the same neverFrom`];
    }),
  );

const isSameSet = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item) => b.includes(item));
