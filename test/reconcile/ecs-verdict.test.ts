import { expect } from "chai";
import { transitionTable as table } from "../../handler/transition-table.ts";
import { type DescribedService, judgeService } from "../../reconcile/ecs-verdict.ts";

describe("what ECS says of a service", () => {
  const primary = {
    id: "ecs-svc/2",
    status: "PRIMARY",
    createdAt: new Date("2026-03-01T10:00:00.900Z"),
    updatedAt: new Date("2026-03-01T10:05:00.100Z"),
  };
  const old = { id: "ecs-svc/1", status: "ACTIVE", rolloutState: "FAILED" } as const;
  const counts = (runningCount: number, desiredCount: number) => ({ runningCount, desiredCount });
  const rollingBack = "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/0.";

  const cases: [what: string, service: DescribedService | undefined, event: string, says: string][] = [
    ["unknown", undefined, "SERVICE_DELETED", "no such service"],
    ["inactive", { status: "INACTIVE", ...counts(0, 0) }, "SERVICE_DELETED", "INACTIVE"],
    [
      "draining",
      { status: "DRAINING", ...counts(2, 0) },
      "SERVICE_DELETED",
      "DRAINING, 2 of 0 tasks running",
    ],
    [
      "being deployed",
      { status: "ACTIVE", ...counts(0, 1), deployments: [{ ...primary, rolloutState: "IN_PROGRESS" }] },
      "DEPLOYMENT_IN_PROGRESS",
      "deployment IN_PROGRESS, 0 of 1 tasks running",
    ],
    [
      "being rolled back",
      {
        status: "ACTIVE",
        ...counts(1, 1),
        deployments: [old, { ...primary, rolloutState: "IN_PROGRESS", rolloutStateReason: rollingBack }],
      },
      "DEPLOYMENT_ROLLBACK_STARTED",
      "deployment IN_PROGRESS, 1 of 1 tasks running",
    ],
    [
      "failed",
      { status: "ACTIVE", ...counts(0, 1), deployments: [{ ...primary, rolloutState: "FAILED" }] },
      "DEPLOYMENT_FAILED",
      "deployment FAILED, 0 of 1 tasks running",
    ],
    [
      "deployed and steady",
      { status: "ACTIVE", ...counts(2, 2), deployments: [{ ...primary, rolloutState: "COMPLETED" }] },
      "SERVICE_STEADY_STATE",
      "steady, 2 of 2 tasks running",
    ],
    [
      "steady though an older deployment failed",
      { status: "ACTIVE", ...counts(2, 2), deployments: [old, { ...primary, rolloutState: "COMPLETED" }] },
      "SERVICE_STEADY_STATE",
      "steady, 2 of 2 tasks running",
    ],
    [
      "scaled to nothing",
      { status: "ACTIVE", ...counts(0, 0), deployments: [{ ...primary, rolloutState: "COMPLETED" }] },
      "SERVICE_STEADY_STATE",
      "steady, 0 of 0 tasks running",
    ],
    [
      "short of tasks",
      { status: "ACTIVE", ...counts(1, 3), deployments: [{ ...primary, rolloutState: "COMPLETED" }] },
      "SERVICE_DESIRED_COUNT_UPDATED",
      "not steady, 1 of 3 tasks running",
    ],
    [
      "left with too many tasks",
      { status: "ACTIVE", ...counts(3, 1), deployments: [{ ...primary, rolloutState: "COMPLETED" }] },
      "SERVICE_DESIRED_COUNT_UPDATED",
      "not steady, 3 of 1 tasks running",
    ],
    [
      "deployed by someone else's controller, and steady",
      { status: "ACTIVE", ...counts(1, 1), deployments: [primary] },
      "SERVICE_STEADY_STATE",
      "steady, 1 of 1 tasks running",
    ],
    [
      "being deployed by someone else's controller",
      { status: "ACTIVE", ...counts(1, 1), deployments: [{ id: "ecs-svc/1", status: "ACTIVE" }, primary] },
      "DEPLOYMENT_IN_PROGRESS",
      "deployment IN_PROGRESS, 1 of 1 tasks running",
    ],
    [
      "without any deployment",
      { status: "ACTIVE", ...counts(0, 0), deployments: [] },
      "SERVICE_STEADY_STATE",
      "steady, 0 of 0 tasks running",
    ],
  ];
  for (const [what, service, event, says] of cases) {
    it(`is ${event} of one that is ${what}`, () => {
      const verdict = judgeService(service, table);
      expect(verdict.rule.name).to.equal(event);
      expect(verdict.says).to.equal(says);
    });
  }

  it("is told with its deployment and its times, in whole seconds", () => {
    const verdict = judgeService(
      { status: "ACTIVE", ...counts(0, 1), deployments: [{ ...primary, rolloutState: "IN_PROGRESS" }] },
      table,
    );
    expect(verdict).to.include({
      since: "2026-03-01T10:05:00Z",
      unsettledSince: "2026-03-01T10:00:00Z",
      deploymentId: "ecs-svc/2",
    });
  });
});
