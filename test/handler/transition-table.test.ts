import { expect } from "chai";
import { createTransitionTable, transitionTable } from "../../handler/transition-table.ts";

describe("transition table", () => {
  /** The mission's table: every name that ECS or a test event may use, and the status it leads to. */
  const meanings: [eventName: string, canonical: string, status: string][] = [
    ["DEPLOYMENT_IN_PROGRESS", "DEPLOYMENT_IN_PROGRESS", "PROVISIONING"],
    ["SERVICE_DEPLOYMENT_IN_PROGRESS", "DEPLOYMENT_IN_PROGRESS", "PROVISIONING"],
    ["SERVICE_DESIRED_COUNT_UPDATED", "SERVICE_DESIRED_COUNT_UPDATED", "SCALING"],
    ["SERVICE_TASK_START_IMPAIRED", "SERVICE_TASK_START_IMPAIRED", "FAILED"],
    ["SERVICE_TASK_PLACEMENT_FAILURE", "SERVICE_TASK_PLACEMENT_FAILURE", "FAILED"],
    ["SERVICE_TASK_CONFIGURATION_FAILURE", "SERVICE_TASK_START_IMPAIRED", "FAILED"],
    ["SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED", "SERVICE_TASK_START_IMPAIRED", "FAILED"],
    ["DEPLOYMENT_FAILED", "DEPLOYMENT_FAILED", "FAILED"],
    ["SERVICE_DEPLOYMENT_FAILED", "DEPLOYMENT_FAILED", "FAILED"],
    ["DEPLOYMENT_ROLLBACK_STARTED", "DEPLOYMENT_ROLLBACK_STARTED", "ROLLING_BACK"],
    ["DEPLOYMENT_ROLLBACK_COMPLETED", "DEPLOYMENT_ROLLBACK_COMPLETED", "ACTIVE"],
    ["DEPLOYMENT_COMPLETED", "DEPLOYMENT_COMPLETED", "ACTIVE"],
    ["SERVICE_DEPLOYMENT_COMPLETED", "DEPLOYMENT_COMPLETED", "ACTIVE"],
    ["SERVICE_STEADY_STATE", "SERVICE_STEADY_STATE", "ACTIVE"],
    ["SERVICE_DELETED", "SERVICE_DELETED", "DEPROVISIONED"],
  ];
  for (const [eventName, canonical, status] of meanings) {
    it(`reads ${eventName} as ${canonical}, which leads to ${status}`, () => {
      const rule = transitionTable.canonicalEvent(eventName, "ECS deployment ecs-svc/1 in progress.");
      expect(rule).to.include({ name: canonical, status });
    });
  }

  it("knows no further event", () => {
    expect(transitionTable.eventNames).to.have.members(meanings.map(([eventName]) => eventName));
    expect(transitionTable.canonicalEvent("CAPACITY_PROVIDER_STEADY_STATE")).to.equal(undefined);
    expect(transitionTable.canonicalEvent("constructor")).to.equal(undefined);
  });

  it("reads a deployment that goes back to an earlier one as a rollback, by its reason", () => {
    const nameFor = (reason: string): string | undefined =>
      transitionTable.canonicalEvent("SERVICE_DEPLOYMENT_IN_PROGRESS", reason)?.name;
    expect(nameFor("ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/9.")).to.equal(
      "DEPLOYMENT_ROLLBACK_STARTED",
    );
    expect(nameFor("ROLLING BACK TO DEPLOYMENT ecs-svc/9")).to.equal("DEPLOYMENT_ROLLBACK_STARTED");
    expect(nameFor("ECS deployment alarm: Rollback initiated.")).to.equal("DEPLOYMENT_ROLLBACK_STARTED");
    expect(nameFor("Service deployment rolled back by user.")).to.equal("DEPLOYMENT_ROLLBACK_STARTED");
    expect(nameFor("coming back")).to.equal("DEPLOYMENT_IN_PROGRESS");
  });

  it("lets every event but DEPLOYMENT_IN_PROGRESS keep DEPROVISIONED", () => {
    const { eventNames } = transitionTable;
    const canonical = eventNames.filter((name) => transitionTable.rule(name) !== undefined);
    const keeping = canonical.filter((name) =>
      transitionTable.rule(name)?.neverFrom.includes("DEPROVISIONED"),
    );
    expect(canonical.filter((name) => !keeping.includes(name))).to.deep.equal(["DEPLOYMENT_IN_PROGRESS"]);
  });

  it("lets every event but SERVICE_DELETED leave protected statuses alone", () => {
    for (const name of transitionTable.eventNames) {
      const rule = transitionTable.rule(name);
      if (rule === undefined) continue;
      const protectedStatuses = transitionTable
        .leftAlone(rule)
        .filter((status) => ["SUSPENDING", "SUSPENDED", "DEPROVISIONING"].includes(status));
      expect(protectedStatuses, name).to.have.length(name === "SERVICE_DELETED" ? 0 : 3);
    }
  });

  it("orders events of one second by their place in the table", () => {
    expect(transitionTable.namesBefore("DEPLOYMENT_IN_PROGRESS")).to.deep.equal([]);
    expect(transitionTable.namesBefore("SERVICE_TASK_START_IMPAIRED")).to.deep.equal([
      "DEPLOYMENT_IN_PROGRESS",
      "SERVICE_DESIRED_COUNT_UPDATED",
    ]);
    expect(transitionTable.precedence("SERVICE_DELETED")).to.equal(9);
    expect(transitionTable.precedence("NO_SUCH_EVENT")).to.equal(-1);
  });

  it("tries a meaning that asks for a reason first, wherever it stands", () => {
    const table = createTransitionTable({
      protected: [],
      events: [
        {
          name: "SPECIAL",
          status: "A",
          from: [{ eventName: "ECS", reasonContains: ["Odd", "Special"] }],
          neverFrom: [],
        },
        { name: "PLAIN", status: "B", from: [{ eventName: "ECS" }], neverFrom: [] },
      ],
    });
    expect(table.canonicalEvent("ECS", "very SPECIAL")?.name).to.equal("SPECIAL");
    expect(table.canonicalEvent("ECS")?.name).to.equal("PLAIN");
  });

  it("does not map an event for whose reason none of its meanings asks", () => {
    const table = createTransitionTable({
      protected: [],
      events: [
        { name: "ODD", status: "A", from: [{ eventName: "ECS", reasonContains: ["odd"] }], neverFrom: [] },
      ],
    });
    expect(table.canonicalEvent("ECS", "even")).to.equal(undefined);
  });
});
