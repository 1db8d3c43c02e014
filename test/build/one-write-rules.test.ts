import { expect } from "chai";
import fc from "fast-check";
import { breachesOfOneWriteRules } from "../../build/one-write-rules.ts";
import { type EventMemory, remember } from "../../handler/event-memory.ts";
import { foldMemory } from "../../handler/tenant-state.ts";
import { createTransitionTable, type TransitionData } from "../../handler/transition-table.ts";
import data from "../../handler/transitions.json" with { type: "json" };

const STATUSES = ["A", "B", "C", "D"];

const tables: fc.Arbitrary<TransitionData> = fc
  .subarray(STATUSES)
  .chain((finals) =>
    fc.array(
      fc.record(
        {
          status: fc.constantFrom(...STATUSES),
          keeps: fc.oneof(
            { weight: 8, arbitrary: fc.constantFrom([], finals) },
            { weight: 1, arbitrary: fc.subarray(STATUSES) },
          ),
          startsDeployment: fc.constant(true),
          onlyCurrentDeployment: fc.constant(true),
        },
        { requiredKeys: ["status", "keeps"] },
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

/** Whether an event in order leads to its own status whenever the status before it is none that it keeps. */
const shortcutHolds = (tableData: TransitionData, history: History): boolean => {
  const table = createTransitionTable(tableData);
  let memory: EventMemory = {};
  return history.every(({ event, deploymentId }, second) => {
    const transition = table.transition(`E${event}`);
    if (transition === undefined) return true;
    const before = foldMemory(memory, table);
    const at = `2026-03-01T10:00:0${second}Z`;
    const occurrence = { name: transition.name, at, id: `e${second}` };
    memory = remember(memory, deploymentId === undefined ? occurrence : { ...occurrence, deploymentId });
    if (before === undefined || table.keptStatuses(transition).includes(before.status)) return true;
    const isOfAnotherDeployment =
      transition.onlyCurrentDeployment === true &&
      ![before.deploymentId, undefined].includes(deploymentId) &&
      before.deploymentId !== undefined;
    if (isOfAnotherDeployment && transition.startsDeployment !== true) return true;
    return foldMemory(memory, table)?.status === transition.status;
  });
};

describe("the rules of the one-write path", () => {
  it("are obeyed by the table", () => {
    expect(breachesOfOneWriteRules(data)).to.deep.equal([]);
  });

  it("make the path right for every table that obeys them", () => {
    const obeying = tables.filter((table) => breachesOfOneWriteRules(table).length === 0);
    fc.assert(
      fc.property(obeying, histories, (table, history) => shortcutHolds(table, history)),
      { numRuns: 3000 },
    );
  });

  it("are needed: a table that breaches them can make the path wrong", () => {
    const table = {
      protected: [],
      events: [
        { name: "E0", status: "A", from: [], keeps: ["B"] },
        { name: "E1", status: "B", from: [], keeps: ["A"] },
      ],
    };
    expect(breachesOfOneWriteRules(table)).to.deep.equal([
      "/events/0/keeps must have all or none of the final statuses B, A",
      "/events/1/keeps must have all or none of the final statuses B, A",
    ]);
    expect(shortcutHolds(table, [{ event: 0 }, { event: 1 }, { event: 0 }])).to.equal(false);
  });

  it("refuse an event that leads to a protected status", () => {
    const table = { protected: ["A"], events: [{ name: "E0", status: "A", from: [], keeps: [] }] };
    expect(breachesOfOneWriteRules(table)).to.deep.equal([
      "/events/0/status is A, which is protected: only other services may set it",
    ]);
  });

  it("refuse an event of the current deployment only that revives, or ends, a tenant", () => {
    const final = { name: "E0", status: "A", from: [], keeps: ["A"] };
    for (const status of ["A", "B"]) {
      const keeps = status === "A" ? ["A"] : [];
      const failed = { name: "E1", status, from: [], keeps, onlyCurrentDeployment: true };
      expect(breachesOfOneWriteRules({ protected: [], events: [final, failed] })).to.deep.equal([
        "/events/1 has onlyCurrentDeployment: it must keep the final statuses A, not lead to one",
      ]);
    }
  });
});
