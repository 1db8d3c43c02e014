import { expect } from "chai";
import { loadEnvironment, loadEnvironments } from "../../envs/load.ts";
import { transitionTable } from "../../handler/transition-table.ts";
import { eventPatterns } from "../../stacks/event-patterns.ts";
import { matches } from "./event-pattern-matcher.ts";
import { synthesizeEventHandler } from "./synthesized.ts";

const environment = loadEnvironment("dev");
const CLUSTER = "arn:aws:ecs:af-south-1:536580886816:cluster/bbws-cluster-dev";
const SERVICE = "arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/tenant-42";

interface Variation {
  readonly detailType: string;
  readonly eventName: string;
  readonly source?: string;
  readonly resource?: string;
  /** Absent from the events' old form. */
  readonly clusterArn?: string;
}

/** An event in the shape in which EventBridge really delivers it. */
const ecsEvent = ({
  detailType,
  eventName,
  source = "aws.ecs",
  resource = SERVICE,
  clusterArn,
}: Variation): object => ({
  version: "0",
  id: "b51d6c0e-9d9e-4a6e-8f3b-2f6f3a7d9e01",
  "detail-type": detailType,
  source,
  account: "536580886816",
  time: "2026-03-02T08:15:31Z",
  region: "af-south-1",
  resources: [resource],
  detail: {
    eventType: "INFO",
    eventName,
    clusterArn,
    ...(detailType === "ECS Service Action"
      ? { createdAt: "2026-03-02T08:15:31.502Z" }
      : {
          deploymentId: "ecs-svc/4711000815",
          updatedAt: "2026-03-02T08:14:40.1Z",
          reason: "ECS deployment ecs-svc/4711000815 completed.",
        }),
  },
});

const matchingRules = (event: object): string[] =>
  Object.entries(eventPatterns(environment))
    .filter(([, pattern]) => matches(pattern, event))
    .map(([rule]) => rule);

const DETAIL_TYPES = {
  serviceAction: "ECS Service Action",
  deploymentStateChange: "ECS Deployment State Change",
};

describe("eventPatterns", () => {
  for (const [rule, detailType] of Object.entries(DETAIL_TYPES)) {
    for (const eventName of transitionTable.eventNames) {
      it(`let ${eventName} of the cluster, as ${detailType}, through by exactly one rule, in the old and the new form`, () => {
        expect(matchingRules(ecsEvent({ detailType, eventName }))).to.deep.equal([rule]);
        expect(matchingRules(ecsEvent({ detailType, eventName, clusterArn: CLUSTER }))).to.deep.equal([rule]);
      });
    }

    it(`let a service with the old short ARN through by its cluster, as ${detailType}`, () => {
      const resource = "arn:aws:ecs:af-south-1:536580886816:service/tenant-1";
      const eventName = "SERVICE_STEADY_STATE";
      expect(matchingRules(ecsEvent({ detailType, eventName, resource, clusterArn: CLUSTER }))).to.deep.equal(
        [rule],
      );
      expect(matchingRules(ecsEvent({ detailType, eventName, resource }))).to.be.empty;
    });

    for (const [title, other] of [
      ["another cluster", "bbws-cluster-sit"],
      ["a cluster whose name merely starts the same", "bbws-cluster-dev-2"],
      ["a cluster whose name the cluster's starts with", "bbws-cluster-de"],
    ] as const) {
      it(`hold back events of ${title}, as ${detailType}`, () => {
        for (const eventName of transitionTable.eventNames) {
          const resource = SERVICE.replace("bbws-cluster-dev", other);
          const clusterArn = CLUSTER.replace("bbws-cluster-dev", other);
          expect(matchingRules(ecsEvent({ detailType, eventName, resource }))).to.be.empty;
          expect(matchingRules(ecsEvent({ detailType, eventName, resource, clusterArn }))).to.be.empty;
        }
      });
    }

    it(`hold back the same cluster's events in another account, as ${detailType}`, () => {
      const resource = SERVICE.replace("536580886816", "815856636111");
      expect(matchingRules(ecsEvent({ detailType, eventName: "SERVICE_STEADY_STATE", resource }))).to.be
        .empty;
    });

    it(`hold back names that the table does not map, as ${detailType}`, () => {
      for (const eventName of [
        "CAPACITY_PROVIDER_STEADY_STATE",
        "TASKSET_STEADY_STATE",
        "TASKS_STOPPED",
        "ECS_OPERATION_THROTTLED",
        "service_steady_state",
      ])
        expect(matchingRules(ecsEvent({ detailType, eventName, clusterArn: CLUSTER }))).to.be.empty;
    });

    it(`hold back events of other sources, as ${detailType}`, () => {
      for (const source of ["aws.ec2", "custom.ecs"])
        expect(matchingRules(ecsEvent({ detailType, eventName: "SERVICE_STEADY_STATE", source }))).to.be
          .empty;
    });
  }

  it("hold back other events of ECS", () => {
    expect(
      matchingRules(ecsEvent({ detailType: "ECS Task State Change", eventName: "SERVICE_STEADY_STATE" })),
    ).to.be.empty;
  });

  for (const { environment: name } of loadEnvironments()) {
    it(`are in ${name}'s rules word for word, and within EventBridge's 2,048 characters`, () => {
      const rules = synthesizeEventHandler(loadEnvironment(name)).resource["aws_cloudwatch_event_rule"] ?? {};
      const { serviceAction, deploymentStateChange } = eventPatterns(loadEnvironment(name));
      expect(rules["service-action-rule"]?.["event_pattern"]).to.equal(JSON.stringify(serviceAction));
      expect(rules["deployment-state-change-rule"]?.["event_pattern"]).to.equal(
        JSON.stringify(deploymentStateChange),
      );
      expect(Object.keys(rules)).to.have.lengthOf(2);
      for (const { event_pattern } of Object.values(rules))
        expect(String(event_pattern).length).to.be.below(2048);
    });
  }
});

describe("the matcher of these tests", () => {
  it("takes a pattern's parts together and its values as alternatives", () => {
    const pattern = { source: ["a", "b"], detail: { state: [{ prefix: "run" }] } };
    expect(matches(pattern, { source: "b", detail: { state: "running" } })).to.be.true;
    expect(matches(pattern, { source: "b", detail: { state: "stopped" } })).to.be.false;
    expect(matches(pattern, { source: "c", detail: { state: "running" } })).to.be.false;
    expect(matches(pattern, { source: "b" })).to.be.false;
  });

  it("refuses what it does not understand", () => {
    expect(() => matches({ source: [{ suffix: "x" }] }, { source: "x" })).to.throw(
      "Not a matcher known here",
    );
    expect(() => matches({ $or: [{ source: ["a"] }] }, { source: "a" })).to.throw("at least two");
    expect(() => matches({ source: "aws.ecs" }, { source: { a: 1 } })).to.throw("Not a pattern");
  });
});
