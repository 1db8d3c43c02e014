import { expect } from "chai";
import fc from "fast-check";
import { type EventMemory, type NamedOccurrence, remember } from "../../handler/event-memory.ts";
import { writeMemory } from "../../handler/memory-attribute.ts";
import { foldMemory } from "../../handler/tenant-state.ts";
import { transitionTable as table } from "../../handler/transition-table.ts";
import data from "../../handler/transitions.json" with { type: "json" };
import { deliveries } from "./histories.ts";

/**
 * The exact memory: what a row remembers of any delivery of a history folds to what the whole history folds to.
 * Checked on so many histories.
 */
export const checkExactMemory = (histories: fc.Arbitrary<NamedOccurrence[]>, numRuns: number): void => {
  const deliveredHistories = histories.chain((history) =>
    fc.tuple(fc.constant(history), deliveries(history)),
  );
  fc.assert(
    fc.property(deliveredHistories, ([history, delivery]) => {
      const memory = memoryOf(delivery);
      const state = foldMemory(memory, table);
      const { status, deploymentId, lastEvent } = state ?? {};
      expect({ status, deploymentId, last: lastEvent && `${lastEvent.name} ${lastEvent.id}` }).to.deep.equal(
        foldWholeHistory(history),
      );
      expect(writeMemory(memory, table)).to.deep.equal(writeMemory(memoryOf(history), table));
    }),
    { numRuns },
  );
};

export const memoryOf = (occurrences: readonly NamedOccurrence[]): EventMemory =>
  occurrences.reduce<EventMemory>((memory, next) => remember(memory, next, table), []);

interface FinalRow {
  readonly status: string | undefined;
  readonly deploymentId: string | undefined;
  readonly last: string | undefined;
}

/** The specification, from transitions.json alone: nothing is forgotten. */
export const foldWholeHistory = (history: readonly NamedOccurrence[]): FinalRow => {
  let status: string | undefined;
  let deploymentId: string | undefined;
  let startedBy: string | undefined;
  let last: string | undefined;
  for (const event of history.filter((candidate) => !isTwinOfAny(candidate, history)).sort(inTime)) {
    const rule = data.events[precedence(event.name)];
    if (rule === undefined) throw new Error(event.name);
    const isStart = "startsDeployment" in rule;
    if (isStart) [deploymentId, startedBy] = [event.deploymentId, event.name];
    const isOfAnother =
      "onlyCurrentDeployment" in rule &&
      event.deploymentId !== undefined &&
      deploymentId !== undefined &&
      event.deploymentId !== deploymentId;
    if (status === undefined || !(isOfAnother || rule.neverFrom.some((kept) => kept === status)))
      status = rule.status;
    const isRollbacks =
      event.name === "DEPLOYMENT_COMPLETED" && !isOfAnother && startedBy === "DEPLOYMENT_ROLLBACK_STARTED";
    last = `${isRollbacks ? "DEPLOYMENT_ROLLBACK_COMPLETED" : event.name} ${event.id}`;
  }
  return { status, deploymentId, last };
};

const precedence = (name: string): number => data.events.findIndex((event) => event.name === name);

const inTime = (a: NamedOccurrence, b: NamedOccurrence): number =>
  Date.parse(a.at) - Date.parse(b.at) ||
  precedence(a.name) - precedence(b.name) ||
  Number(a.deploymentId !== undefined) - Number(b.deploymentId !== undefined) ||
  (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** One that names no deployment counts only when it is later than any of its kind that does could be told. */
const isTwinOfAny = (event: NamedOccurrence, history: readonly NamedOccurrence[]): boolean =>
  event.deploymentId === undefined &&
  history.some(
    (other) =>
      other.deploymentId !== undefined &&
      Date.parse(event.at) <= Date.parse(other.at) + 1000 &&
      (MAY_BE_TOLD_AS[event.name] ?? []).includes(other.name),
  );

const MAY_BE_TOLD_AS: Readonly<Record<string, readonly string[]>> = {
  DEPLOYMENT_IN_PROGRESS: ["DEPLOYMENT_IN_PROGRESS", "DEPLOYMENT_ROLLBACK_STARTED"],
  DEPLOYMENT_ROLLBACK_STARTED: ["DEPLOYMENT_ROLLBACK_STARTED"],
  DEPLOYMENT_FAILED: ["DEPLOYMENT_FAILED"],
  DEPLOYMENT_COMPLETED: ["DEPLOYMENT_COMPLETED"],
};
