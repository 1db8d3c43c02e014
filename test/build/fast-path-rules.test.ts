import { expect } from "chai";
import fc from "fast-check";
import { breachesOfFastPathRules } from "../../build/fast-path-rules.ts";
import { type EventMemory, remember } from "../../handler/event-memory.ts";
import { foldMemory } from "../../handler/tenant-state.ts";
import type { EventRule } from "../../handler/transition-data.ts";
import {
  createTransitionTable,
  type FoldingRules,
  transitions as data,
} from "../../handler/transition-table.ts";

const STATUSES = ["A", "B", "C", "D"];

const tables: fc.Arbitrary<FoldingRules> = fc
  .subarray(STATUSES)
  .chain((finals) =>
    fc.array(
      fc.record(
        {
          status: fc.constantFrom(...STATUSES),
          neverFrom: fc.oneof(
            { weight: 8, arbitrary: fc.constantFrom([], finals) },
            { weight: 1, arbitrary: fc.subarray(STATUSES) },
          ),
          startsDeployment: fc.constant(true),
          onlyCurrentDeployment: fc.constant(true),
        },
        { requiredKeys: ["status", "neverFrom"] },
      ),
      { minLength: 2, maxLength: 5 },
    ),
  )
  .map((events) => ({
    protected: [],
    events: events.map((event, index) => ({ ...event, name: `E${index}`, from: [] })),
  }));

const histories = fc.array(
  fc.record({ event: fc.nat(4), deploymentId: fc.constantFrom("1", "2") }, { requiredKeys: ["event"] }),
  { minLength: 1, maxLength: 10 },
);

type History = readonly { readonly event: number; readonly deploymentId?: string }[];

/** Whether an event in order leads to its own status whenever the status before it is none that it neverFrom. */
const shortcutHolds = (tableData: FoldingRules, history: History): boolean => {
  const table = createTransitionTable(tableData);
  let memory: EventMemory = [];
  return history.every(({ event, deploymentId }, second) => {
    const rule = table.rule(`E${event}`);
    if (rule === undefined) return true;
    const before = foldMemory(memory, table);
    // Further apart than two tellings of one event.
    const at = `2026-03-01T10:0${second}:00Z`;
    const occurrence = { name: rule.name, at, id: `e${second}` };
    memory = remember(memory, { ...occurrence, deploymentId }, table);
    if (before === undefined || table.leftAlone(rule).includes(before.status)) return true;
    const isOfAnotherDeployment =
      rule.onlyCurrentDeployment === true &&
      ![before.deploymentId, undefined].includes(deploymentId) &&
      before.deploymentId !== undefined;
    if (isOfAnotherDeployment && rule.startsDeployment !== true) return true;
    return foldMemory(memory, table)?.status === rule.status;
  });
};

describe("the rules of the fast path", () => {
  it("are obeyed by the table", () => {
    expect(breachesOfFastPathRules(data)).to.deep.equal([]);
  });

  it("make the path right for every table that obeys them", () => {
    const obeying = tables.filter((table) => breachesOfFastPathRules(table).length === 0);
    fc.assert(
      fc.property(obeying, histories, (table, history) => shortcutHolds(table, history)),
      { numRuns: 3000 },
    );
  });

  it("are needed: a table that breaches them can make the path wrong", () => {
    const table = {
      protected: [],
      events: [
        { name: "E0", status: "A", from: [], neverFrom: ["B"] },
        { name: "E1", status: "B", from: [], neverFrom: ["A"] },
      ],
    };
    expect(breachesOfFastPathRules(table)).to.deep.equal([
      "/events/0/neverFrom: only the newest E0 is remembered, but an older one would matter: E0 from no status, then E1",
      "/events/1/neverFrom: only the newest E1 is remembered, but an older one would matter: E1 from no status, then E0",
    ]);
    expect(shortcutHolds(table, [{ event: 0 }, { event: 1 }, { event: 0 }])).to.equal(false);
  });

  it("refuse an event that leads to a protected status", () => {
    const table = { protected: ["A"], events: [{ name: "E0", status: "A", from: [], neverFrom: [] }] };
    expect(breachesOfFastPathRules(table)).to.deep.equal([
      "/events/0/status is A, which is protected: only other services may set it",
    ]);
  });

  it("allow an event to leave alone a status that ends with any other, but not one that it could not know of", () => {
    const up = { name: "E0", status: "UP", from: [], neverFrom: ["GONE"] };
    const gone = { name: "E1", status: "GONE", from: [], neverFrom: ["GONE"] };
    const starved = { name: "E2", status: "DOWN", from: [], neverFrom: ["UP", "GONE"] };
    expect(breachesOfFastPathRules({ protected: [], events: [up, gone, starved] })).to.deep.equal([]);
    const revived = { name: "E3", status: "UP", from: [], neverFrom: ["DOWN"] };
    expect(breachesOfFastPathRules({ protected: [], events: [up, gone, starved, revived] })).not.to.be.empty;
  });

  it("refuse an event of the current deployment only that a start can turn into something else", () => {
    const start: EventRule = { name: "E0", status: "A", from: [], neverFrom: ["B"], startsDeployment: true };
    const failed: EventRule = {
      name: "E1",
      status: "B",
      from: [],
      neverFrom: [],
      onlyCurrentDeployment: true,
    };
    expect(breachesOfFastPathRules({ protected: [], events: [start, failed] })).not.to.be.empty;
  });
});
