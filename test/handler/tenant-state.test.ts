import { expect } from "chai";
import fc from "fast-check";
import { type EventMemory, type NamedOccurrence, remember } from "../../handler/event-memory.ts";
import { foldMemory, type TenantState } from "../../handler/tenant-state.ts";
import { transitionTable } from "../../handler/transition-table.ts";
import { deliveries, histories } from "./histories.ts";

const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 2, 1, 10, 0, seconds)).toISOString().slice(0, 19) + "Z";

/** An occurrence at so many seconds; the id tells one from another. */
const occurrence = (name: string, seconds: number, deploymentId?: string): NamedOccurrence => ({
  name,
  at: at(seconds),
  id: `${name}@${seconds}`,
  ...(deploymentId === undefined ? {} : { deploymentId }),
});

const memoryOf = (occurrences: readonly NamedOccurrence[]): EventMemory =>
  occurrences.reduce<EventMemory>((memory, next) => remember(memory, next), {});

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

  it("is the same in whatever order, and however often, the events arrive", () => {
    const historyAndDelivery = histories(12).chain((history) =>
      fc.tuple(fc.constant(history), deliveries(history)),
    );
    fc.assert(
      fc.property(historyAndDelivery, ([history, delivery]) => {
        expect(memoryOf(delivery)).to.deep.equal(memoryOf(history));
        expect(stateAfter(...delivery)).to.deep.equal(stateAfter(...history));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("remember", () => {
  it("keeps the newer occurrence, by time and then by id", () => {
    const older = { name: "SERVICE_STEADY_STATE", at: at(1), id: "b" };
    const newer = { name: "SERVICE_STEADY_STATE", at: at(2), id: "a" };
    const sibling = { name: "SERVICE_STEADY_STATE", at: at(2), id: "c" };
    expect(memoryOf([newer, older])).to.deep.equal({ SERVICE_STEADY_STATE: { at: at(2), id: "a" } });
    expect(memoryOf([sibling, newer])).to.deep.equal({ SERVICE_STEADY_STATE: { at: at(2), id: "c" } });
  });

  it("prefers, of two tellings of one second, the one that names the deployment", () => {
    const naming = { name: "DEPLOYMENT_IN_PROGRESS", at: at(1), id: "a", deploymentId: "ecs-svc/1" };
    const other = { name: "DEPLOYMENT_IN_PROGRESS", at: at(1), id: "z" };
    expect(memoryOf([naming, other])).to.deep.equal(memoryOf([other, naming]));
    expect(memoryOf([naming, other])["DEPLOYMENT_IN_PROGRESS"]?.deploymentId).to.equal("ecs-svc/1");
  });

  it("returns the memory itself when there is nothing to add", () => {
    const memory = memoryOf([occurrence("SERVICE_STEADY_STATE", 5)]);
    expect(remember(memory, occurrence("SERVICE_STEADY_STATE", 5))).to.equal(memory);
    expect(remember(memory, occurrence("SERVICE_STEADY_STATE", 4))).to.equal(memory);
  });
});
