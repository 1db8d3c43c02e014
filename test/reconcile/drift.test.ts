import { expect } from "chai";
import fc from "fast-check";
import { type EventMemory, type NamedOccurrence, remember } from "../../handler/event-memory.ts";
import type { TenantRow } from "../../handler/tenant-row.ts";
import { foldMemory, mergedStatus } from "../../handler/tenant-state.ts";
import type { EventRule } from "../../handler/transition-data.ts";
import { transitionTable as table } from "../../handler/transition-table.ts";
import { type Comparison, compareRow } from "../../reconcile/drift.ts";
import type { EcsVerdict } from "../../reconcile/ecs-verdict.ts";
import { histories } from "../handler/histories.ts";

const at = (minute: number): string => `2026-03-01T10:${String(minute).padStart(2, "0")}:00Z`;

/** A row that has seen these events, and whose status somebody else may have set since. */
const rowAfter = (occurrences: readonly NamedOccurrence[], status?: string): TenantRow => {
  const events = occurrences.reduce<EventMemory>(
    (memory, occurrence) => remember(memory, occurrence, table),
    [],
  );
  const ecsStatus = foldMemory(events, table)?.status;
  const own = status ?? ecsStatus;
  return {
    events,
    status: own,
    ecsStatus,
  };
};
const seen = (...events: [name: string, minute: number][]): NamedOccurrence[] =>
  events.map(([name, minute], index) => ({ name, at: at(minute), id: `e${index}` }));

const eventNamed = (name: string): EventRule => {
  // Some the table has by their own name only.
  const rule = table.canonicalEvent(name) ?? table.rule(name);
  if (rule === undefined) throw new Error(`The table does not map ${name}`);
  return rule;
};

const verdictOf = (event: string): EcsVerdict => ({
  rule: eventNamed(event),
  says: "",
  since: undefined,
  unsettledSince: undefined,
  deploymentId: undefined,
});

const compareWith = (
  row: TenantRow,
  event: string,
  minute = 30,
  verdict: Partial<EcsVerdict> = {},
): Comparison =>
  compareRow(
    row,
    {
      tenantId: "acme",
      serviceArn: "arn",
      at: at(minute),
      verdict: { ...verdictOf(event), ...verdict },
    },
    table,
  );
const namesOf = (comparison: Comparison): unknown =>
  comparison.kind === "drift" ? comparison.events.map(({ name }) => name) : comparison.kind;

describe("drift", () => {
  const started = seen(["DEPLOYMENT_IN_PROGRESS", 1]);
  const active = seen(["DEPLOYMENT_IN_PROGRESS", 1], ["SERVICE_STEADY_STATE", 3]);
  const deleted = [...active, ...seen(["SERVICE_DELETED", 9])];

  const cases: [what: string, row: TenantRow, event: string, expected: unknown][] = [
    ["a row that says what ECS says", rowAfter(active), "SERVICE_STEADY_STATE", "agrees"],
    ["a lost completion", rowAfter(started), "SERVICE_STEADY_STATE", ["SERVICE_STEADY_STATE"]],
    ["a lost failure", rowAfter(started), "DEPLOYMENT_FAILED", ["DEPLOYMENT_FAILED"]],
    ["a lost deployment", rowAfter(active), "DEPLOYMENT_IN_PROGRESS", ["DEPLOYMENT_IN_PROGRESS"]],
    ["a lost deletion", rowAfter(active), "SERVICE_DELETED", ["SERVICE_DELETED"]],
    [
      "a row that ECS never spoke of",
      rowAfter([], "PENDING"),
      "SERVICE_STEADY_STATE",
      ["SERVICE_STEADY_STATE"],
    ],
    ["a row without a status", rowAfter([]), "SERVICE_STEADY_STATE", ["SERVICE_STEADY_STATE"]],
    ["a suspended tenant", rowAfter(active, "SUSPENDED"), "SERVICE_STEADY_STATE", "kept"],
    ["a tenant being deprovisioned", rowAfter(active, "DEPROVISIONING"), "DEPLOYMENT_FAILED", "kept"],
    [
      "a suspended tenant whose service is gone",
      rowAfter(active, "SUSPENDED"),
      "SERVICE_DELETED",
      ["SERVICE_DELETED"],
    ],
    [
      "a tenant that another service says is gone",
      rowAfter(active, "DEPROVISIONED"),
      "SERVICE_STEADY_STATE",
      "kept",
    ],
    [
      "a tenant that came back unheard",
      rowAfter(deleted),
      "SERVICE_STEADY_STATE",
      ["DEPLOYMENT_IN_PROGRESS", "SERVICE_STEADY_STATE"],
    ],
    [
      "a tenant that another service has created again",
      rowAfter(deleted, "PENDING"),
      "SERVICE_STEADY_STATE",
      ["DEPLOYMENT_IN_PROGRESS", "SERVICE_STEADY_STATE"],
    ],
    // A start before it would take away the status that another service has set.
    [
      "a tenant that another service has set to what the event never leads away from",
      rowAfter(deleted, "ACTIVE"),
      "SERVICE_TASK_PLACEMENT_FAILURE",
      "kept",
    ],
    ["a tenant that is coming back", rowAfter(deleted), "DEPLOYMENT_IN_PROGRESS", ["DEPLOYMENT_IN_PROGRESS"]],
  ];
  for (const [what, row, event, expected] of cases) {
    it(`of ${what}, when ECS says ${event}: ${JSON.stringify(expected)}`, () => {
      expect(namesOf(compareWith(row, event))).to.deep.equal(expected);
    });
  }

  it("is none when the row knows of something newer than the observation", () => {
    const row = rowAfter([...active, ...seen(["DEPLOYMENT_IN_PROGRESS", 31])]);
    expect(namesOf(compareWith(row, "SERVICE_STEADY_STATE", 30))).to.equal("kept");
    expect(namesOf(compareWith(row, "SERVICE_STEADY_STATE", 32))).to.deep.equal(["SERVICE_STEADY_STATE"]);
  });

  it("is none when another service has set the status and a newer event than the observation is known", () => {
    const row = rowAfter([...active, ...seen(["DEPLOYMENT_IN_PROGRESS", 31])], "PENDING");
    expect(namesOf(compareWith(row, "SERVICE_STEADY_STATE", 30))).to.equal("kept");
  });

  it("is none when the tenant was deleted after its service had been seen", () => {
    expect(namesOf(compareWith(rowAfter(deleted), "SERVICE_STEADY_STATE", 8))).to.equal("kept");
  });

  it("is a failure of the current deployment, though its start was missed", () => {
    const other = [{ name: "DEPLOYMENT_IN_PROGRESS", at: at(1), id: "e", deploymentId: "ecs-svc/1" }];
    const comparison = compareWith(rowAfter(other), "DEPLOYMENT_FAILED", 30, { deploymentId: "ecs-svc/2" });
    expect(namesOf(comparison)).to.deep.equal(["DEPLOYMENT_FAILED"]);
  });

  for (const event of ["SERVICE_TASK_START_IMPAIRED", "SERVICE_DESIRED_COUNT_UPDATED"]) {
    it(`is none when ${event} came after the deployment that is under way had begun`, () => {
      const row = rowAfter([...started, ...seen([event, 10])]);
      const underWaySince = (minute: number) =>
        namesOf(compareWith(row, "DEPLOYMENT_IN_PROGRESS", 30, { unsettledSince: at(minute) }));
      expect(underWaySince(5)).to.equal("kept");
      expect(underWaySince(11), "a later deployment").to.deep.equal(["DEPLOYMENT_IN_PROGRESS"]);
    });
  }

  it("is none from the second on in which the deployment under way began, and is there where no event says since when", () => {
    const failed = rowAfter([...started, ...seen(["SERVICE_TASK_START_IMPAIRED", 10])]);
    const underWay = { unsettledSince: at(10) };
    expect(namesOf(compareWith(failed, "DEPLOYMENT_IN_PROGRESS", 30, underWay))).to.equal("kept");
    expect(namesOf(compareWith(failed, "DEPLOYMENT_IN_PROGRESS", 30))).to.deep.equal([
      "DEPLOYMENT_IN_PROGRESS",
    ]);
    const forgotten = { status: "FAILED", ecsStatus: "FAILED", events: [] };
    expect(namesOf(compareWith(forgotten, "DEPLOYMENT_IN_PROGRESS", 30, underWay))).to.deep.equal([
      ...["DEPLOYMENT_IN_PROGRESS"],
    ]);
  });

  it("is there when another service has set what ECS might still mean", () => {
    const scaling = rowAfter(active, "SCALING");
    const underWay = { unsettledSince: at(2) };
    expect(namesOf(compareWith(scaling, "DEPLOYMENT_IN_PROGRESS", 30, underWay))).to.deep.equal([
      ...["DEPLOYMENT_IN_PROGRESS"],
    ]);
  });

  it("is repaired by its events, whatever the row has been through", () => {
    fc.assert(
      fc.property(
        histories(8),
        fc.option(fc.constantFrom("PENDING", "SUSPENDED", "DEPROVISIONED", "ACTIVE"), { nil: undefined }),
        fc.constantFrom(...table.names),
        fc.integer({ min: 0, max: 10 }),
        (history, status, event, second) => {
          const row = rowAfter(history, status);
          const time = `2026-03-01T10:00:${String(second).padStart(2, "0")}Z`;
          const observation = {
            tenantId: "acme",
            serviceArn: "arn",
            at: time,
            verdict: verdictOf(event),
          };
          const comparison = compareRow(row, observation, table);
          if (comparison.kind !== "drift") return;
          // As tenant-store.ts does it, with the id that a real event has.
          let repaired = row;
          for (const rule of comparison.events) {
            const occurrence = { name: rule.name, at: time, id: "~" };
            const events = remember(repaired.events, occurrence, table);
            const state = foldMemory(events, table);
            if (state === undefined) throw new Error("no state");
            const tenantEvent = { rule, occurrence, serviceArn: undefined };
            repaired = {
              events,
              ecsStatus: state.status,
              status: mergedStatus(repaired, tenantEvent, state, table),
            };
          }
          expect(repaired.status).to.equal(observation.verdict.rule.status).and.not.to.equal(row.status);
        },
      ),
    );
  });
});
