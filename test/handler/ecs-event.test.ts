import { expect } from "chai";
import fc from "fast-check";
import { clusterOfService, isFuture, parseEcsEvent } from "../../handler/ecs-event.ts";
import { InvalidEventError } from "../../handler/errors.ts";
import { CLUSTER_ARN, deploymentStateChange, serviceAction, serviceArnOf, tagsOf } from "./events.ts";

const MAX_AHEAD_MS = 5 * 60 * 1000;

const violationsOf = (input: unknown): readonly string[] => {
  try {
    parseEcsEvent(input);
  } catch (error) {
    if (error instanceof InvalidEventError) return error.violations;
    throw error;
  }
  return [];
};

const without = (event: Record<string, unknown>, field: string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(event).filter(([name]) => name !== field));

describe("parseEcsEvent", () => {
  it("reads a Service Action event", () => {
    const event = serviceAction("SERVICE_STEADY_STATE", { id: "e1", time: "2026-03-01T10:00:00Z" });
    expect(parseEcsEvent(event)).to.deep.equal({
      id: "e1",
      at: "2026-03-01T10:00:00Z",
      eventName: "SERVICE_STEADY_STATE",
      reason: undefined,
      deploymentId: undefined,
      source: undefined,
      tags: undefined,
      serviceArn: serviceArnOf("acme"),
      clusterArns: [CLUSTER_ARN, CLUSTER_ARN],
    });
  });

  it("reads a Deployment State Change event, which may not name the cluster", () => {
    const event = deploymentStateChange("SERVICE_DEPLOYMENT_IN_PROGRESS", "ecs-svc/42", { id: "e1" });
    expect(parseEcsEvent(event)).to.deep.equal({
      id: "e1",
      at: "2026-03-01T10:00:00Z",
      eventName: "SERVICE_DEPLOYMENT_IN_PROGRESS",
      reason: "ECS deployment ecs-svc/42 in progress.",
      deploymentId: "ecs-svc/42",
      source: undefined,
      tags: undefined,
      serviceArn: serviceArnOf("acme"),
      clusterArns: [CLUSTER_ARN],
    });
  });

  it("accepts every documented field and whatever fields AWS adds", () => {
    const detail = {
      containerInstanceArns: ["arn:aws:ecs:af-south-1:536580886816:container-instance/bbws-cluster-dev/1"],
      capacityProviderArns: ["arn:aws:ecs:af-south-1:536580886816:capacity-provider/FARGATE_SPOT"],
      desiredCount: 2,
      reason: "RESOURCE:FARGATE",
      createdAt: "2019-11-06T19:09:33.087123456Z",
      somethingNew: { nested: [1, null, { deep: true }] },
    };
    const event = serviceAction("SERVICE_TASK_PLACEMENT_FAILURE", { detail });
    expect(violationsOf({ ...event, "trace-header": "Root=1-2", more: 1 })).to.deep.equal([]);
  });

  it("accepts a test event without resources that carries its tags", () => {
    const event = serviceAction("SERVICE_STEADY_STATE", { resources: [], detail: { tags: tagsOf("acme") } });
    expect(parseEcsEvent(event)).to.deep.include({ tags: tagsOf("acme"), clusterArns: [CLUSTER_ARN] });
  });

  it("names a service ARN's cluster, and none for the short ARN of a very old service", () => {
    expect(clusterOfService("arn:aws-cn:ecs:cn-north-1:123456789012:service/main-1/acme_shop")).to.equal(
      "arn:aws-cn:ecs:cn-north-1:123456789012:cluster/main-1",
    );
    expect(clusterOfService("arn:aws:ecs:eu-west-1:123456789012:service/acme_shop")).to.equal(undefined);
  });

  for (const text of [
    "x arn:aws:ecs:eu-west-1:123456789012:service/main/acme",
    "arn:aws:ecs:eu-west-1:123456789012:service/main/acme/more",
    "arn:aws:ecs:eu-west-1:123456789012:service/main/",
    "arn:aws:ecs:eu-west-1:123456789012:task/main/acme",
  ]) {
    it(`names no cluster of ${text}`, () => {
      expect(clusterOfService(text)).to.equal(undefined);
    });
  }

  it("is of the future only beyond the clocks' tolerance", () => {
    const at = "2026-03-01T10:00:00Z";
    const before = (milliseconds: number): Date => new Date(Date.parse(at) - milliseconds);
    expect(isFuture(at, before(MAX_AHEAD_MS))).to.equal(false);
    expect(isFuture(at, before(MAX_AHEAD_MS + 1))).to.equal(true);
  });

  it("takes the resource for the service that is one from its beginning on", () => {
    const arn = serviceArnOf("acme");
    const event = serviceAction("SERVICE_STEADY_STATE", {
      resources: [`x ${arn}`, arn.replace(":service/", ":task/"), arn],
    });
    expect(parseEcsEvent(event)).to.deep.include({ serviceArn: arn });
  });

  for (const field of [
    "version",
    "id",
    "detail-type",
    "source",
    "account",
    "time",
    "region",
    "resources",
    "detail",
  ]) {
    it(`refuses an event without ${field}`, () => {
      expect(violationsOf(without(serviceAction("SERVICE_STEADY_STATE"), field))).to.deep.equal([
        `the event must have required property '${field}'`,
      ]);
    });
  }

  const refused: [what: string, input: unknown, violation: string][] = [
    ["no object", "SERVICE_STEADY_STATE", "the event must be object"],
    ["null", null, "the event must be object"],
    ["an array of events", [serviceAction("SERVICE_STEADY_STATE")], "the event must be object"],
    [
      "another source",
      { ...serviceAction("SERVICE_STEADY_STATE"), source: "aws.ec2" },
      '/source must be "aws.ecs"',
    ],
    [
      "another detail-type",
      { ...serviceAction("SERVICE_STEADY_STATE"), "detail-type": "ECS Task State Change" },
      '/detail-type must be one of ["ECS Service Action","ECS Deployment State Change"]',
    ],
    ["an id that is a number", { ...serviceAction("X"), id: 7 }, "/id must be string"],
    [
      "an id of absurd length",
      { ...serviceAction("X"), id: "x".repeat(129) },
      "/id must NOT have more than 128 characters",
    ],
    [
      "a time that is not a time",
      { ...serviceAction("X"), time: "2024-02-30T00:00:00Z" },
      "/time must be a date-time such as 2024-08-08T23:26:49Z",
    ],
    ["resources that are no strings", serviceAction("X", { resources: [7] }), "/resources/0 must be string"],
    [
      "no event name",
      { ...serviceAction("X"), detail: { eventType: "INFO" } },
      "/detail must have required property 'eventName'",
    ],
    [
      "an event name that is no string",
      serviceAction("X", { detail: { eventName: ["X"] } }),
      "/detail/eventName must be string",
    ],
    [
      "a sender with an endless name",
      serviceAction("X", { detail: { source: "x".repeat(65) } }),
      "/detail/source must NOT have more than 64 characters",
    ],
    [
      "a deployment id that is no string",
      deploymentStateChange("X", "d", { detail: { deploymentId: 5 } }),
      "/detail/deploymentId must be string",
    ],
    [
      "tags that are no list",
      serviceAction("X", { detail: { tags: { "bbws:tenant-id": "acme" } } }),
      "/detail/tags must be array",
    ],
    [
      "a tenant id of absurd length",
      serviceAction("X", { detail: { tags: tagsOf("x".repeat(257)) } }),
      "/detail/tags/0/value must NOT have more than 256 characters",
    ],
    [
      "a property that could reach a prototype",
      JSON.parse(JSON.stringify(serviceAction("X")).replace("{", '{"__proto__":{"polluted":true},')),
      'the event must not have a property named "__proto__"',
    ],
    [
      "such a property further down",
      serviceAction("X", { detail: { constructor: { prototype: { polluted: true } } } }),
      '/detail must not have a property named "constructor"',
    ],
  ];
  for (const [what, input, violation] of refused) {
    it(`refuses ${what}`, () => {
      expect(violationsOf(input)).to.include(violation);
    });
  }

  it("lists all violations at once, in the error's message too", () => {
    const event = { ...without(serviceAction("X"), "id"), source: "aws.s3", time: "never" };
    expect(() => parseEcsEvent(event)).to.throw(
      InvalidEventError,
      /^Not a valid ECS event: .*'id'.*\/source must be "aws\.ecs".*\/time must be a date-time/,
    );
  });

  it("answers a megabyte of junk with a short message that does not quote it", () => {
    const junk = "junk".repeat(262_144);
    expect(violationsOf(junk)).to.deep.equal(["the event must be object"]);
    expect(violationsOf({ ...serviceAction("X"), time: junk })).to.deep.equal([
      "/time must be a date-time such as 2024-08-08T23:26:49Z",
    ]);
    const violations = violationsOf(
      serviceAction("X", { resources: Array.from({ length: 99_000 }, () => 1) }),
    );
    expect(violations).to.have.length(51);
    expect(violations.at(-1)).to.match(/^and \d+ more$/);
  });

  it("either parses or refuses: no input makes it fail in another way", () => {
    const anything = fc.oneof(
      fc.anything({ withNullPrototype: true }),
      fc.record({
        ...Object.fromEntries(Object.keys(serviceAction("X")).map((name) => [name, fc.anything()])),
      }),
      fc.jsonValue().map((detail) => ({ ...serviceAction("X"), detail })),
    );
    fc.assert(
      fc.property(anything, (input) => {
        try {
          expect(parseEcsEvent(input).id).to.be.a("string");
        } catch (error) {
          expect(error).to.be.instanceOf(InvalidEventError);
        }
      }),
    );
  });
});
