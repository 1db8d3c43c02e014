import { expect } from "chai";
import fc from "fast-check";
import { type EventMemory, type NamedOccurrence, remember } from "../../handler/event-memory.ts";
import { writeMemory } from "../../handler/memory-attribute.ts";
import {
  foldMemory,
  meaningOf,
  mergedStatus,
  type TenantState,
  traceMemory,
} from "../../handler/tenant-state.ts";
import { transitionTable } from "../../handler/transition-table.ts";
import { deliveries, histories } from "./histories.ts";

const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 2, 1, 10, 0, seconds)).toISOString().slice(0, 19) + "Z";

/** An occurrence at so many seconds; the id tells one from another. */
const occurrence = (name: string, seconds: number, deploymentId?: string): NamedOccurrence => ({
  name,
  at: at(seconds),
  id: `${name}@${seconds}`,
  deploymentId,
});

const memoryOf = (occurrences: readonly NamedOccurrence[]): EventMemory =>
  occurrences.reduce<EventMemory>((memory, next) => remember(memory, next, transitionTable), []);

const stateAfter = (...occurrences: NamedOccurrence[]): TenantState | undefined =>
  foldMemory(memoryOf(occurrences), transitionTable);

describe("the fold of a tenant's events", () => {
  it("knows nothing without events", () => {
    expect(stateAfter()).to.equal(undefined);
  });

  it("follows a first deployment", () => {
    const started = occurrence("DEPLOYMENT_IN_PROGRESS", 1, "ecs-svc/1");
    expect(stateAfter(started)).to.deep.equal({
      status: "PROVISIONING",
      statusAt: at(1),
      deploymentId: "ecs-svc/1",
      startedBy: "DEPLOYMENT_IN_PROGRESS",
      lastEvent: started,
    });
    expect(stateAfter(started, occurrence("DEPLOYMENT_COMPLETED", 9, "ecs-svc/1"))).to.include({
      status: "ACTIVE",
      statusAt: at(9),
      deploymentId: "ecs-svc/1",
    });
  });

  it("orders events of one second by precedence: a deployment that starts and is steady at once is active", () => {
    expect(
      stateAfter(occurrence("SERVICE_STEADY_STATE", 5), occurrence("DEPLOYMENT_IN_PROGRESS", 5)),
    ).to.include({
      status: "ACTIVE",
    });
  });

  it("ends a failed first deployment, which has nothing to roll back to, at FAILED", () => {
    const state = stateAfter(
      occurrence("DEPLOYMENT_IN_PROGRESS", 1, "ecs-svc/1"),
      occurrence("DEPLOYMENT_FAILED", 9, "ecs-svc/1"),
    );
    expect(state?.status).to.equal("FAILED");
  });

  it("stays ROLLING_BACK when the deployment rolled back from is reported as failed only then", () => {
    const rollback = [
      occurrence("DEPLOYMENT_IN_PROGRESS", 1, "ecs-svc/2"),
      occurrence("DEPLOYMENT_ROLLBACK_STARTED", 5, "ecs-svc/3"),
      occurrence("DEPLOYMENT_FAILED", 8, "ecs-svc/2"),
    ];
    expect(stateAfter(...rollback)).to.include({
      status: "ROLLING_BACK",
      statusAt: at(5),
      deploymentId: "ecs-svc/3",
    });
    expect(stateAfter(...rollback)?.lastEvent.name).to.equal("DEPLOYMENT_FAILED");
    expect(stateAfter(...rollback, occurrence("DEPLOYMENT_COMPLETED", 9, "ecs-svc/3"))?.status).to.equal(
      "ACTIVE",
    );
  });

  it("takes a failure that names no deployment, or comes before any start was seen, for the current one's", () => {
    const started = occurrence("DEPLOYMENT_IN_PROGRESS", 1, "ecs-svc/1");
    expect(stateAfter(started, occurrence("DEPLOYMENT_FAILED", 2))?.status).to.equal("FAILED");
    expect(stateAfter(occurrence("DEPLOYMENT_FAILED", 2, "ecs-svc/7"))?.status).to.equal("FAILED");
  });

  it("does not hold a failure against a start that named no deployment", () => {
    const older = occurrence("DEPLOYMENT_ROLLBACK_STARTED", 1, "ecs-svc/1");
    const started = occurrence("DEPLOYMENT_IN_PROGRESS", 5);
    expect(stateAfter(older, started, occurrence("DEPLOYMENT_FAILED", 9, "ecs-svc/2"))?.status).to.equal(
      "FAILED",
    );
  });

  it("leaves a deleted tenant deleted when a steady state arrives late, or is of later", () => {
    const deleted = occurrence("SERVICE_DELETED", 5);
    expect(stateAfter(deleted, occurrence("SERVICE_STEADY_STATE", 4))?.status).to.equal("DEPROVISIONED");
    const steady = occurrence("SERVICE_STEADY_STATE", 6);
    expect(stateAfter(deleted, steady)).to.deep.include({
      status: "DEPROVISIONED",
      statusAt: at(5),
      lastEvent: steady,
    });
  });

  it("revives a deleted tenant with a new deployment only", () => {
    const deleted = occurrence("SERVICE_DELETED", 5);
    const deployed = occurrence("DEPLOYMENT_IN_PROGRESS", 6, "ecs-svc/9");
    expect(stateAfter(deleted, deployed)?.status).to.equal("PROVISIONING");
    expect(
      stateAfter(deleted, deployed, occurrence("DEPLOYMENT_COMPLETED", 7, "ecs-svc/9"))?.status,
    ).to.equal("ACTIVE");
  });

  it("does not stumble over an event that an older table had", () => {
    expect(
      stateAfter(occurrence("RETIRED_EVENT", 9), occurrence("SERVICE_STEADY_STATE", 1))?.status,
    ).to.equal("ACTIVE");
  });

  it("does not take the completion of a superseded deployment for the current one's", () => {
    const state = stateAfter(
      occurrence("DEPLOYMENT_IN_PROGRESS", 1, "ecs-svc/1"),
      occurrence("DEPLOYMENT_IN_PROGRESS", 9, "ecs-svc/2"),
      occurrence("DEPLOYMENT_COMPLETED", 9, "ecs-svc/1"),
    );
    expect(state).to.include({ status: "PROVISIONING", deploymentId: "ecs-svc/2" });
  });

  it("ends at FAILED when the rollback fails, though the first failure is told last", () => {
    const state = stateAfter(
      occurrence("DEPLOYMENT_IN_PROGRESS", 1, "ecs-svc/7"),
      occurrence("DEPLOYMENT_ROLLBACK_STARTED", 3, "ecs-svc/8"),
      occurrence("DEPLOYMENT_FAILED", 5, "ecs-svc/8"),
      occurrence("DEPLOYMENT_FAILED", 7, "ecs-svc/7"),
    );
    expect(state).to.include({ status: "FAILED", deploymentId: "ecs-svc/8" });
  });

  it("takes an event that an older table had to mean itself", () => {
    expect(meaningOf(occurrence("RETIRED_EVENT", 1), [], transitionTable)).to.equal("RETIRED_EVENT");
  });

  describe("together with a status that another service set", () => {
    const steady = occurrence("SERVICE_STEADY_STATE", 9);
    const merge = (
      name: string,
      seconds: number,
      before: string | undefined,
      ecsStatus: string,
      state = stateAfter(steady),
    ): string => {
      const rule = transitionTable.rule(name);
      if (rule === undefined || state === undefined) throw new Error("There are both");
      const event = { rule, occurrence: occurrence(name, seconds), serviceArn: undefined };
      return mergedStatus({ status: before, ecsStatus }, event, state, transitionTable);
    };

    it("leaves it alone when a late event changes nothing for ECS, and replaces it when it does", () => {
      expect(merge("DEPLOYMENT_IN_PROGRESS", 1, "MAINTENANCE", "ACTIVE")).to.equal("MAINTENANCE");
      expect(merge("DEPLOYMENT_IN_PROGRESS", 1, "MAINTENANCE", "PROVISIONING")).to.equal("ACTIVE");
    });

    it("lets an event override a suspension only if its own status is what comes of it", () => {
      expect(merge("SERVICE_DELETED", 1, "SUSPENDED", "PROVISIONING")).to.equal("SUSPENDED");
      expect(merge("SERVICE_STEADY_STATE", 9, "SUSPENDED", "PROVISIONING")).to.equal("SUSPENDED");
      const deleted = stateAfter(steady, occurrence("SERVICE_DELETED", 11));
      expect(merge("SERVICE_DELETED", 11, "SUSPENDED", "ACTIVE", deleted)).to.equal("DEPROVISIONED");
      expect(merge("SERVICE_DELETED", 10, "SUSPENDED", "ACTIVE", deleted)).to.equal("DEPROVISIONED");
    });

    it("replaces its own status, though the event would leave that alone, and one that is gone", () => {
      expect(merge("SERVICE_STEADY_STATE", 9, "DEPROVISIONED", "DEPROVISIONED")).to.equal("ACTIVE");
      expect(merge("SERVICE_STEADY_STATE", 9, "DEPROVISIONED", "PROVISIONING")).to.equal("DEPROVISIONED");
      expect(merge("DEPLOYMENT_IN_PROGRESS", 1, undefined, "ACTIVE")).to.equal("ACTIVE");
    });
  });

  it("is told step by step: what each event came to, or why it did not count", () => {
    const events = [
      occurrence("DEPLOYMENT_IN_PROGRESS", 1, "ecs-svc/1"),
      occurrence("DEPLOYMENT_IN_PROGRESS", 3, "ecs-svc/2"),
      occurrence("DEPLOYMENT_COMPLETED", 5, "ecs-svc/1"),
      occurrence("DEPLOYMENT_COMPLETED", 9, "ecs-svc/2"),
      // Which an older table had.
      occurrence("NO_EVENT_OF_THE_TABLE", 10),
      occurrence("SERVICE_DELETED", 11),
      occurrence("SERVICE_STEADY_STATE", 12),
    ];
    const steps = traceMemory(events, transitionTable);
    expect(
      steps.map(({ occurrence: { name, at: when }, state, keptOff }) => [name, when, state.status, keptOff]),
    ).to.deep.equal([
      ["DEPLOYMENT_IN_PROGRESS", at(1), "PROVISIONING", undefined],
      ["DEPLOYMENT_IN_PROGRESS", at(3), "PROVISIONING", undefined],
      ["DEPLOYMENT_COMPLETED", at(5), "PROVISIONING", "other_deployment"],
      ["DEPLOYMENT_COMPLETED", at(9), "ACTIVE", undefined],
      ["SERVICE_DELETED", at(11), "DEPROVISIONED", undefined],
      ["SERVICE_STEADY_STATE", at(12), "DEPROVISIONED", "status_stays"],
    ]);
    expect(steps.at(-1)?.state).to.deep.equal(foldMemory(events, transitionTable));
    expect(traceMemory([], transitionTable)).to.deep.equal([]);
  });

  it("says of a completed rollback that it was one", () => {
    const rollback = occurrence("DEPLOYMENT_ROLLBACK_STARTED", 3, "ecs-svc/8");
    const completed = occurrence("DEPLOYMENT_COMPLETED", 5, "ecs-svc/8");
    const meaning = { ...completed, name: "DEPLOYMENT_ROLLBACK_COMPLETED" };
    expect(stateAfter(completed, rollback)?.lastEvent).to.deep.equal(meaning);
    const memory = memoryOf([rollback, completed, occurrence("SERVICE_STEADY_STATE", 6)]);
    expect(meaningOf(completed, memory, transitionTable)).to.equal("DEPLOYMENT_ROLLBACK_COMPLETED");
    expect(stateAfter(rollback, { ...completed, deploymentId: "ecs-svc/7" })?.lastEvent.name).to.equal(
      "DEPLOYMENT_COMPLETED",
    );
  });

  it("leaves a site up whose further task finds no place, and fails one that is not up", () => {
    const unplaced = occurrence("SERVICE_TASK_PLACEMENT_FAILURE", 5);
    expect(stateAfter(occurrence("SERVICE_STEADY_STATE", 3), unplaced)?.status).to.equal("ACTIVE");
    expect(stateAfter(occurrence("DEPLOYMENT_IN_PROGRESS", 3), unplaced)?.status).to.equal("FAILED");
    expect(stateAfter(occurrence("SERVICE_DELETED", 3), unplaced)?.status).to.equal("DEPROVISIONED");
  });

  it("is the same in whatever order, and however often, the events arrive", () => {
    const historyAndDelivery = histories(12).chain((history) =>
      fc.tuple(fc.constant(history), deliveries(history)),
    );
    fc.assert(
      fc.property(historyAndDelivery, ([history, delivery]) => {
        expect(writeMemory(memoryOf(delivery), transitionTable)).to.deep.equal(
          writeMemory(memoryOf(history), transitionTable),
        );
        expect(stateAfter(...delivery)).to.deep.equal(stateAfter(...history));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("remember", () => {
  const steady = (second: number, id: string): NamedOccurrence => ({
    name: "SERVICE_STEADY_STATE",
    at: at(second),
    id,
  });

  it("keeps the newer occurrence, by time and then by id", () => {
    expect(memoryOf([steady(2, "a"), steady(1, "b")])).to.deep.equal([steady(2, "a")]);
    expect(memoryOf([steady(2, "c"), steady(2, "a")])).to.deep.equal([steady(2, "c")]);
  });

  it("returns the memory itself when there is nothing to add", () => {
    const memory = memoryOf([steady(5, "a")]);
    expect(remember(memory, steady(5, "a"), transitionTable)).to.equal(memory);
    expect(remember(memory, steady(4, "b"), transitionTable)).to.equal(memory);
  });

  it("drops what was before a start that names its deployment, and does not take it up later", () => {
    const started = occurrence("DEPLOYMENT_IN_PROGRESS", 10, "ecs-svc/2");
    expect(memoryOf([steady(5, "a"), occurrence("SERVICE_DELETED", 6), started])).to.deep.equal([started]);
    expect(memoryOf([started, steady(5, "a")])).to.deep.equal([started]);
  });

  it("keeps ten deployments apart, the newest", () => {
    const failures = Array.from({ length: 12 }, (_, index) =>
      occurrence("DEPLOYMENT_FAILED", 20 + index, `ecs-svc/${index}`),
    );
    const memory = memoryOf(failures);
    expect(memory).to.deep.equal(failures.slice(2));
    expect(memoryOf(failures.toReversed())).to.have.deep.members([...memory]);
    expect(remember(memory, occurrence("DEPLOYMENT_FAILED", 3, "ecs-svc/99"), transitionTable)).to.equal(
      memory,
    );
  });

  for (const seconds of [0, 1]) {
    for (const name of ["DEPLOYMENT_IN_PROGRESS", "DEPLOYMENT_COMPLETED", "DEPLOYMENT_FAILED"]) {
      it(`takes the telling of ${name} that names no deployment, ${seconds} s later, for the same event`, () => {
        const naming = occurrence(name, 5, "ecs-svc/1");
        const twin = occurrence(name, 5 + seconds);
        expect(memoryOf([naming, twin])).to.deep.equal([naming]);
        expect(memoryOf([twin, naming])).to.deep.equal([naming]);
      });
    }

    it(`takes a start without deployment and reason, ${seconds} s later, for the rollback's`, () => {
      const rollback = occurrence("DEPLOYMENT_ROLLBACK_STARTED", 5, "ecs-svc/3");
      const twin = occurrence("DEPLOYMENT_IN_PROGRESS", 5 + seconds);
      expect(stateAfter(twin, rollback)).to.include({ status: "ROLLING_BACK", deploymentId: "ecs-svc/3" });
      expect(stateAfter(rollback, twin)).to.include({ status: "ROLLING_BACK", deploymentId: "ecs-svc/3" });
    });
  }

  it("takes a start that names no deployment for a new one when it comes later than a twin could", () => {
    const rollback = occurrence("DEPLOYMENT_ROLLBACK_STARTED", 5, "ecs-svc/3");
    expect(stateAfter(rollback, occurrence("DEPLOYMENT_IN_PROGRESS", 7))).to.include({
      status: "PROVISIONING",
    });
  });
});
