import { expect } from "chai";
import { transitionTable as table } from "../../handler/transition-table.ts";
import { type DescribedService, judgeService } from "../../reconcile/ecs-verdict.ts";

const NOW = new Date("2026-03-01T12:00:00Z");

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
      const verdict = judgeService(service, table, NOW);
      expect(verdict.rule.name).to.equal(event);
      expect(verdict.says).to.equal(says);
    });
  }

  it("is told with its deployment and its times, in whole seconds", () => {
    const verdict = judgeService(
      { status: "ACTIVE", ...counts(0, 1), deployments: [{ ...primary, rolloutState: "IN_PROGRESS" }] },
      table,
      NOW,
    );
    expect(verdict).to.include({
      since: "2026-03-01T10:05:00Z",
      unsettledSince: "2026-03-01T10:00:00Z",
      deploymentId: "ecs-svc/2",
    });
  });

  describe("of which nothing runs", () => {
    /** Messages, each so many minutes ago. */
    const told = (...messages: [minutesAgo: number, message: string][]) =>
      messages.map(([minutesAgo, message]) => ({
        message: `(service tenant-acme-wordpress) ${message}.`,
        createdAt: new Date(NOW.getTime() - minutesAgo * 60_000),
      }));
    const STEADY = "has reached a steady state";
    const UNABLE = "was unable to place a task";
    const judge = (events: DescribedService["events"], running = 0, deployment: object = {}) =>
      judgeService(
        {
          status: "ACTIVE",
          ...counts(running, 2),
          deployments: [{ ...primary, rolloutState: "COMPLETED", ...deployment }],
          events,
        },
        table,
        NOW,
      );

    it("is a failure once it has told of trouble for over ten minutes", () => {
      const verdict = judge(told([1, UNABLE], [11, "has stopped 2 running tasks"], [60, STEADY]));
      expect(verdict.rule).to.include({ name: "SERVICE_TASK_START_IMPAIRED", status: "FAILED" });
      expect(verdict).to.deep.include({
        says: "nothing runs, 0 of 2 tasks running",
        since: "2026-03-01T11:49:00Z",
        unsettledSince: undefined,
        deploymentId: undefined,
      });
      expect(judge(told([11, UNABLE], [1, UNABLE])).rule.status, "no steady state is remembered").to.equal(
        "FAILED",
      );
    });

    for (const [what, verdict] of [
      ["in the first ten minutes", () => judge(told([1, UNABLE], [9, UNABLE], [60, STEADY]))],
      ["when it is ten minutes to the second", () => judge(told([10, UNABLE], [60, STEADY]))],
      [
        "when the trouble was told together with the last steady state",
        () => judge(told([30, STEADY], [30, UNABLE])),
      ],
      ["when nobody knows when the trouble was told", () => judge([{ message: UNABLE }])],
      ["when the trouble was before the last steady state", () => judge(told([30, STEADY], [40, UNABLE]))],
      ["when it tells nothing", () => judge(undefined)],
      ["when one task runs", () => judge(told([11, UNABLE]), 1)],
    ] as const) {
      it(`is none ${what}`, () => {
        expect(verdict().rule.name).to.equal("SERVICE_DESIRED_COUNT_UPDATED");
      });
    }

    it("is no trouble of one that is to run nothing", () => {
      const idle = { status: "ACTIVE", ...counts(0, 0), deployments: [primary], events: told([11, UNABLE]) };
      expect(judgeService(idle, table, NOW)).to.deep.include({
        rule: table.rule("SERVICE_STEADY_STATE"),
        unsettledSince: undefined,
      });
    });

    it("is judged by its messages alone where it has no primary deployment", () => {
      const service = { status: "ACTIVE", deployments: [], events: told([11, UNABLE]) };
      expect(judgeService({ ...service, ...counts(2, 2) }, table, NOW)).to.include({
        unsettledSince: "2026-03-01T11:49:00Z",
        since: undefined,
      });
      expect(judgeService({ ...service, events: [], ...counts(1, 2) }, table, NOW)).to.deep.include({
        rule: table.rule("SERVICE_DESIRED_COUNT_UPDATED"),
        unsettledSince: undefined,
        deploymentId: undefined,
      });
      const two = [
        { id: "ecs-svc/1", status: "ACTIVE" },
        { id: "ecs-svc/2", status: "ACTIVE" },
      ];
      expect(judgeService({ ...service, ...counts(1, 2), deployments: two }, table, NOW)).to.deep.include({
        rule: table.rule("DEPLOYMENT_IN_PROGRESS"),
        unsettledSince: undefined,
        deploymentId: undefined,
      });
    });

    describe("but its tasks run at the moment", () => {
      it("is not settled while it has told of trouble for over ten minutes, and of no steady state since", () => {
        const verdict = judge(told([1, "has started 2 tasks"], [11, UNABLE], [60, STEADY]), 2);
        expect(verdict.rule.name).to.equal("SERVICE_STEADY_STATE");
        expect(verdict.unsettledSince).to.equal("2026-03-01T11:49:00Z");
      });

      it("has been so since its deployment when ECS has forgotten the first messages", () => {
        const verdict = judge(told([1, "has started 2 tasks"], [11, UNABLE]), 2);
        expect(verdict.unsettledSince).to.equal("2026-03-01T10:00:00Z");
      });

      for (const [what, messages] of [
        [
          "once it has reached a steady state",
          [
            [1, STEADY],
            [11, UNABLE],
          ],
        ],
        [
          "in the first ten minutes",
          [
            [9, UNABLE],
            [60, STEADY],
          ],
        ],
        ["when it tells nothing", []],
      ] as const) {
        it(`is settled ${what}`, () => {
          const copies = messages.map(([minutes, message]): [number, string] => [minutes, message]);
          expect(judge(told(...copies), 2)).to.deep.include({
            says: "steady, 2 of 2 tasks running",
            unsettledSince: undefined,
          });
        });
      }
    });

    it("is none while a deployment is under way", () => {
      expect(judge(told([11, UNABLE]), 0, { rolloutState: "IN_PROGRESS" }).rule.name).to.equal(
        "DEPLOYMENT_IN_PROGRESS",
      );
    });
  });
});
