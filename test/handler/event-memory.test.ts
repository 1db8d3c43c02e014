import { expect } from "chai";
import {
  beforeTwins,
  type EventMemory,
  type NamedOccurrence,
  remember,
  sortOccurrences,
} from "../../handler/event-memory.ts";
import { readMemory, writeMemory } from "../../handler/memory-attribute.ts";
import { foldMemory, isLastEvent } from "../../handler/tenant-state.ts";
import { createTransitionTable, transitionTable as table } from "../../handler/transition-table.ts";

const occurrence = (name: string, second: number, deploymentId?: string): NamedOccurrence => ({
  name,
  at: `2026-03-01T10:00:${String(second).padStart(2, "0")}Z`,
  id: `${name}@${second}`,
  deploymentId,
});
const memoryOf = (...occurrences: NamedOccurrence[]): EventMemory =>
  occurrences.reduce<EventMemory>((memory, next) => remember(memory, next, table), []);

describe("a row's memory", () => {
  const ends = Array.from({ length: 11 }, (_, index) =>
    occurrence("DEPLOYMENT_COMPLETED", index + 10, `ecs-svc/${index}`),
  );

  it("tells ten deployments of an event apart, and forgets the oldest of more", () => {
    expect(memoryOf(...ends.slice(0, 10))).to.deep.equal(ends.slice(0, 10));
    expect(memoryOf(...ends)).to.deep.equal(ends.slice(1));
    expect(memoryOf(...ends.slice(1), ...ends.slice(0, 1)), "whichever comes last").to.deep.equal(
      ends.slice(1),
    );
  });

  it("counts no other event among them, and none that names no deployment", () => {
    const others = [
      occurrence("SERVICE_DESIRED_COUNT_UPDATED", 1),
      occurrence("DEPLOYMENT_COMPLETED", 2),
      occurrence("DEPLOYMENT_FAILED", 3, "ecs-svc/0"),
    ];
    const ten = ends.slice(0, 10);
    expect(memoryOf(...others, ...ten)).to.include.members([others[0], others[2], ...ten]);
  });

  it("remembers a start once, whichever deployment it started", () => {
    const starts = [1, 9].map((second) =>
      occurrence("DEPLOYMENT_ROLLBACK_STARTED", second, `ecs-svc/${second}`),
    );
    expect(memoryOf(...starts)).to.deep.equal(starts.slice(1));
    expect(memoryOf(...starts.reverse())).to.deep.equal(starts.slice(0, 1));
  });

  it("remembers any other event once, whether it names a deployment or not", () => {
    const named = occurrence("SERVICE_DESIRED_COUNT_UPDATED", 1, "ecs-svc/1");
    const unnamed = occurrence("SERVICE_DESIRED_COUNT_UPDATED", 9);
    expect(memoryOf(named, unnamed)).to.deep.equal([unnamed]);
    expect(memoryOf(unnamed, named)).to.deep.equal([unnamed]);
  });

  it("keeps both of two events that name no deployment, though one may be the other's twin", () => {
    const twins = ["DEPLOYMENT_IN_PROGRESS", "DEPLOYMENT_ROLLBACK_STARTED"].map((name) =>
      occurrence(name, 1),
    );
    expect(memoryOf(...twins)).to.have.members(twins);
  });

  it("has a place for events that the table does not know, and leaves them out of what it folds to", () => {
    const retired = [1, 2].map((second) => occurrence("RETIRED_EVENT", second));
    const steady = occurrence("SERVICE_STEADY_STATE", 0);
    expect(memoryOf(...retired)).to.deep.equal(retired.slice(1));
    expect(foldMemory([...retired, steady], table)).to.deep.equal(foldMemory([steady], table));
    expect(foldMemory(retired, table)).to.equal(undefined);
  });

  it("is sorted by time, then by the table's order", () => {
    const [late, started, steady] = [
      occurrence("DEPLOYMENT_IN_PROGRESS", 9),
      occurrence("DEPLOYMENT_IN_PROGRESS", 1),
      occurrence("SERVICE_STEADY_STATE", 1),
    ];
    const memory = [late, steady, started];
    expect(sortOccurrences(memory, table)).to.deep.equal([started, steady, late]);
    expect(memory, "is left as it was").to.deep.equal([late, steady, started]);
  });

  it("counts none that names no deployment among the ten", () => {
    const unnamed = occurrence("DEPLOYMENT_COMPLETED", 59);
    expect(memoryOf(...ends.slice(0, 10), unnamed)).to.deep.equal([...ends.slice(0, 10), unnamed]);
  });

  it("drops a deployment's end with the next start, unless its twin may still come", () => {
    const end = occurrence("DEPLOYMENT_COMPLETED", 5, "ecs-svc/1");
    for (const [second, remembered] of [
      [6, true],
      [7, false],
    ] as const) {
      const started = occurrence("DEPLOYMENT_IN_PROGRESS", second, "ecs-svc/2");
      expect(memoryOf(end, started).includes(end), `a start at ${second}`).to.equal(remembered);
    }
  });

  it("is the same once it was written to the row and read again", () => {
    const memory = [...ends.slice(0, 3), { ...occurrence("SERVICE_STEADY_STATE", 59), source: "reconciler" }];
    const written = writeMemory(memory, table);
    expect(written).to.deep.equal({
      DEPLOYMENT_COMPLETED: {
        at: ends[2]?.at,
        id: ends[2]?.id,
        deploymentId: "ecs-svc/2",
        source: undefined,
        others: [1, 0].map((index) => ({
          at: ends[index]?.at,
          id: ends[index]?.id,
          deploymentId: `ecs-svc/${index}`,
          source: undefined,
        })),
      },
      SERVICE_STEADY_STATE: {
        at: "2026-03-01T10:00:59Z",
        id: "SERVICE_STEADY_STATE@59",
        deploymentId: undefined,
        source: "reconciler",
      },
    });
    expect(readMemory(written)).to.have.deep.members(memory.map((one) => ({ source: undefined, ...one })));
  });

  it("knows the second before which nothing is a twin", () => {
    expect(beforeTwins("2026-03-01T10:00:00Z")).to.equal("2026-03-01T09:59:59Z");
  });

  it("knows its last event by id and time", () => {
    const last = occurrence("SERVICE_STEADY_STATE", 5);
    const state = foldMemory([last], table);
    if (state === undefined) throw new Error("There is a state");
    expect(isLastEvent(last, state)).to.equal(true);
    expect(isLastEvent({ ...last, id: "other" }, state)).to.equal(false);
    expect(isLastEvent({ ...last, at: "2026-03-01T10:00:06Z" }, state)).to.equal(false);
  });
});

describe("a transition table", () => {
  const rule = (name: string, status: string, more: object = {}) => ({
    name,
    status,
    from: [{ eventName: `ECS_${name}` }],
    neverFrom: [],
    ...more,
  });
  const small = createTransitionTable({
    protected: ["HELD"],
    events: [
      rule("START", "B", { startsDeployment: true }),
      rule("AGAIN", "B", { startsDeployment: true, neverFrom: ["Z"] }),
      rule("END", "A", { onlyCurrentDeployment: true, neverFrom: ["Z"] }),
      rule("DELETE", "Z", { overridesProtected: true }),
    ],
  });
  const ruleOf = (name: string) => {
    const found = small.rule(name);
    if (found === undefined) throw new Error(`There is no rule ${name}`);
    return found;
  };

  it("lists names, statuses and precedences as the file has them", () => {
    expect(small.names).to.deep.equal(["START", "AGAIN", "END", "DELETE"]);
    expect(small.reachable).to.deep.equal(["B", "A", "Z"]);
    expect(small.eventNames).to.deep.equal([
      ...["AGAIN", "DELETE", "ECS_AGAIN", "ECS_DELETE", "ECS_END", "ECS_START", "END", "START"],
    ]);
    expect(small.names.map((name) => small.precedence(name))).to.deep.equal([0, 1, 2, 3]);
    expect(small.namesBefore("END")).to.deep.equal(["START", "AGAIN"]);
    expect(small.rule("ECS_END")).to.equal(undefined);
  });

  it("knows what an event leaves alone", () => {
    expect(["START", "END", "DELETE"].map((name) => small.leftAlone(ruleOf(name)))).to.deep.equal([
      ...[["HELD"], ["Z", "HELD"], []],
    ]);
    expect(small.leftAlone({ ...ruleOf("END"), name: "UNKNOWN" })).to.deep.equal([]);
  });

  it("knows which events start a deployment again, and which speak of one", () => {
    const names = [...small.names, "UNKNOWN"];
    expect(names.filter((name) => small.resets(name))).to.deep.equal(["START"]);
    expect(names.filter((name) => small.isOfDeployment(name))).to.deep.equal(["START", "AGAIN", "END"]);
  });

  it("has no twins of what names one thing only, and none of what it does not know", () => {
    expect(small.twinsOf("DELETE")).to.deep.equal([]);
    expect(small.twinsOf("UNKNOWN")).to.deep.equal([]);
    expect(table.twinsOf("DEPLOYMENT_IN_PROGRESS")).to.include("DEPLOYMENT_ROLLBACK_STARTED");
  });

  it("takes an event without a reason for the meaning that asks for none", () => {
    const asking = createTransitionTable({
      protected: [],
      events: [
        { name: "ASKS", status: "A", from: [{ eventName: "ECS", reasonContains: [" "] }], neverFrom: [] },
        { name: "PLAIN", status: "B", from: [{ eventName: "ECS" }], neverFrom: [] },
      ],
    });
    expect(asking.canonicalEvent("ECS")?.name).to.equal("PLAIN");
    expect(asking.canonicalEvent("ECS", "a b")?.name).to.equal("ASKS");
    expect(asking.canonicalEvent("OTHER")).to.equal(undefined);
  });
});
