import data from "./transitions.json" with { type: "json" };

/** One ECS event name that means a canonical event, perhaps only with a certain text in `detail.reason`. */
export interface EventSource {
  readonly eventName: string;
  readonly reasonContains?: string;
}

/** A state in which DescribeServices can show a service; each belongs to one event of the table. */
export type ServiceState = "deleted" | "deploying" | "failed" | "steady" | "unsteady";

/** What the tools need to know about a status that an event leads to. */
export interface StatusTraits {
  readonly color: "green" | "yellow" | "red" | "dim";
  readonly refutedBy: "any" | "settled" | "deleted";
}

/** One row of transitions.json; transitions.schema.json says what each property means. */
export interface EventRule {
  readonly name: string;
  readonly status: string;
  readonly seenAs?: ServiceState;
  readonly from: readonly EventSource[];
  readonly neverFrom: readonly string[];
  readonly startsDeployment?: boolean;
  readonly onlyCurrentDeployment?: boolean;
  readonly overridesProtected?: boolean;
}

/** The content of transitions.json. */
export interface TransitionData {
  readonly protected: readonly string[];
  readonly statuses: Readonly<Record<string, StatusTraits>>;
  /** Lowest precedence first. */
  readonly events: readonly EventRule[];
}

/** The part of it that decides what a history comes to. */
export type FoldingRules = Pick<TransitionData, "protected" | "events">;

/** transitions.json, indexed for look-ups by name. */
export interface TransitionTable {
  /** As the file has them, lowest precedence first. */
  readonly rules: readonly EventRule[];
  /** By the status's name; a status that only other services set is not among them. */
  readonly statuses: ReadonlyMap<string, StatusTraits>;
  /** Every ECS event name that means a canonical event, canonical names included, sorted. */
  readonly eventNames: readonly string[];
  /** The canonical event that an ECS event means; undefined when the table does not map it. */
  canonicalEvent(eventName: string, reason?: string): EventRule | undefined;
  /** The canonical event of this very name. */
  rule(name: string): EventRule | undefined;
  /** Orders canonical events of the same second; -1 for a name that the table does not have. */
  precedence(name: string): number;
  /** The names of lower precedence than this one. */
  namesBefore(name: string): readonly string[];
  /** The statuses that the event leaves as they are: those in its neverFrom and, unless it overrides them, the protected ones. */
  leftAlone(rule: EventRule): readonly string[];
}

/** @param data without `statuses` it does for folding events; the tools need them. */
export const createTransitionTable = ({
  protected: protectedStatuses,
  statuses = {},
  events,
}: FoldingRules & Partial<TransitionData>): TransitionTable => {
  const byName = new Map(events.map((rule) => [rule.name, rule]));
  const precedences = new Map(events.map(({ name }, index) => [name, index]));
  const kept = new Map(
    events.map((rule) => [
      rule.name,
      rule.overridesProtected === true
        ? rule.neverFrom
        : [...new Set([...rule.neverFrom, ...protectedStatuses])],
    ]),
  );
  const meanings = new Map<string, { reasonContains?: string; rule: EventRule }[]>();
  for (const rule of events) {
    for (const { eventName, reasonContains } of [{ eventName: rule.name } as EventSource, ...rule.from]) {
      const known = meanings.get(eventName) ?? [];
      // A meaning that asks for a reason is the more specific one and is tried first.
      if (reasonContains === undefined) known.push({ rule });
      else known.unshift({ reasonContains: reasonContains.toLowerCase(), rule });
      meanings.set(eventName, known);
    }
  }

  return {
    rules: events,
    statuses: new Map(Object.entries(statuses)),
    eventNames: [...meanings.keys()].sort(),
    canonicalEvent: (eventName, reason = "") =>
      meanings
        .get(eventName)
        ?.find(
          ({ reasonContains }) =>
            reasonContains === undefined || reason.toLowerCase().includes(reasonContains),
        )?.rule,
    rule: (name) => byName.get(name),
    precedence: (name) => precedences.get(name) ?? -1,
    namesBefore: (name) => events.slice(0, precedences.get(name)).map((rule) => rule.name),
    leftAlone: (rule) => kept.get(rule.name) ?? [],
  };
};

/** The content of this deployment's table. The compiler takes every text in a JSON file for any string; the build checks it. */
export const transitions = data as TransitionData;

/** The table of this deployment: handler/transitions.json. */
export const transitionTable: TransitionTable = createTransitionTable(transitions);
