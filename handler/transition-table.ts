import type { EventRule, TransitionData } from "./transition-data.ts";
import data from "./transitions.json" with { type: "json" };

/** What the tools need to know about a status that an event leads to. */
export type StatusTraits = TransitionData["statuses"][string];

/** A state in which DescribeServices can show a service; each belongs to one event of the table. */
export type ServiceState = NonNullable<EventRule["seenAs"]>;

/** One ECS event name that means a canonical event, perhaps only with certain texts in `detail.reason`. */
type EventSource = EventRule["from"][number];

/** The part of transitions.json that decides what a history comes to. */
export type FoldingRules = Pick<TransitionData, "protected" | "events">;

/** transitions.json, indexed for look-ups by name. */
export interface TransitionTable {
  /** As the file has them, lowest precedence first. */
  readonly rules: readonly EventRule[];
  /** By the status's name; a status that only other services set is not among them. */
  readonly statuses: ReadonlyMap<string, StatusTraits>;
  /** The canonical names, lowest precedence first. */
  readonly names: readonly string[];
  /** Every ECS event name that means a canonical event, canonical names included, sorted. */
  readonly eventNames: readonly string[];
  /** The statuses that events lead to. */
  readonly reachable: readonly string[];
  /** Set by other services, and left alone by most events. */
  readonly protectedStatuses: readonly string[];
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
  /** Whether a start of this name leads to its status from every other: what was before it does not matter. */
  resets(name: string): boolean;
  /** Whether events of this name speak of one deployment. */
  isOfDeployment(name: string): boolean;
  /** The events that ECS may have meant by the telling of this one that names neither deployment nor reason. */
  twinsOf(name: string): readonly string[];
}

/** @param data without `statuses` it does for folding events; the tools need them. */
export const createTransitionTable = ({
  protected: protectedStatuses,
  statuses = {},
  events,
}: FoldingRules & Partial<TransitionData>): TransitionTable => {
  const byName = new Map(events.map((rule) => [rule.name, rule]));
  const names = events.map(({ name }) => name);
  const precedences = new Map(names.map((name, index) => [name, index]));
  const leftAlone = new Map(
    events.map((rule) => [
      rule.name,
      rule.overridesProtected === true
        ? rule.neverFrom
        : [...new Set([...rule.neverFrom, ...protectedStatuses])],
    ]),
  );
  const meanings = meaningsOf(events);
  const twins = new Map(events.map((rule) => [rule.name, twinsIn(meanings, rule)]));

  return {
    rules: events,
    statuses: new Map(Object.entries(statuses)),
    names,
    eventNames: [...meanings.keys()].sort(),
    reachable: [...new Set(events.map(({ status }) => status))],
    protectedStatuses,
    canonicalEvent: (eventName, reason = "") =>
      meanings
        .get(eventName)
        ?.find(
          ({ texts }) => texts === undefined || texts.some((text) => reason.toLowerCase().includes(text)),
        )?.rule,
    rule: (name) => byName.get(name),
    precedence: (name) => precedences.get(name) ?? -1,
    namesBefore: (name) => names.slice(0, precedences.get(name)),
    leftAlone: (rule) => leftAlone.get(rule.name) ?? [],
    resets: (name) => {
      const rule = byName.get(name);
      return rule?.startsDeployment === true && rule.neverFrom.length === 0;
    },
    isOfDeployment: (name) => isOfDeployment(byName.get(name)),
    twinsOf: (name) => twins.get(name) ?? [],
  };
};

interface Meaning {
  /** In lower case; undefined: whatever the reason. */
  readonly texts: readonly string[] | undefined;
  readonly rule: EventRule;
}

/** What each ECS event name may mean, in the order in which it is to be tried. */
const meaningsOf = (events: readonly EventRule[]): Map<string, Meaning[]> => {
  const meanings = new Map<string, Meaning[]>();
  for (const rule of events) {
    const sources: readonly EventSource[] = [{ eventName: rule.name }, ...rule.from];
    for (const { eventName, reasonContains } of sources) {
      const known = meanings.get(eventName) ?? [];
      const texts = reasonContains?.map((text) => text.toLowerCase());
      // A meaning that asks for a reason is the more specific one and is tried first.
      if (texts === undefined) known.push({ texts, rule });
      else known.unshift({ texts, rule });
      meanings.set(eventName, known);
    }
  }
  return meanings;
};

const twinsIn = (meanings: ReadonlyMap<string, readonly Meaning[]>, rule: EventRule): readonly string[] =>
  isOfDeployment(rule)
    ? [...meanings.values()]
        .filter((known) => known.some((meaning) => meaning.rule === rule && meaning.texts === undefined))
        .flat()
        .filter((meaning) => isOfDeployment(meaning.rule))
        .map((meaning) => meaning.rule.name)
    : [];

const isOfDeployment = (rule: EventRule | undefined): boolean =>
  rule?.startsDeployment === true || rule?.onlyCurrentDeployment === true;

/** The content of this deployment's table. The compiler takes every text in a JSON file for any string; the build checks it. */
export const transitions = data as TransitionData;

/** The table of this deployment: handler/transitions.json. */
export const transitionTable: TransitionTable = createTransitionTable(transitions);
