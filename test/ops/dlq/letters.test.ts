import { expect } from "chai";
import {
  byEventTime,
  firstOf,
  type RetryableLetter,
  readDeadLetter,
  subjectOf,
} from "../../../ops/dlq/dead-letter.ts";
import { type LetterFilter, matches, parseFilter } from "../../../ops/dlq/filter.ts";
import { unwrap } from "../../../ops/dlq/unwrap.ts";
import { destinationRecord, EVENTBRIDGE_ATTRIBUTES, LAMBDA_ATTRIBUTES } from "../dead-letter-samples.ts";
import { deploymentStateChange, serviceAction, serviceArnOf, tagsOf } from "../../handler/events.ts";

const letterOf = (event: Record<string, unknown>): RetryableLetter => {
  const letter = readDeadLetter("m1", { body: JSON.stringify(event), attributes: {} });
  if (letter.kind !== "retryable") throw new Error(letter.violations.join());
  return letter;
};

describe("dead letters", () => {
  const event = serviceAction("SERVICE_STEADY_STATE", { id: "e1" });
  const body = JSON.stringify(event);

  it("are unwrapped when EventBridge could not deliver them", () => {
    expect(unwrap({ body, attributes: EVENTBRIDGE_ATTRIBUTES })).to.deep.equal({
      parkedBy: "EventBridge",
      cause: "MaximumRetryAttempts: NO_PERMISSIONS: Lambda returned AccessDenied",
      event,
    });
  });

  it("are unwrapped when the function failed and Lambda sent a record to its destination", () => {
    expect(unwrap({ body: JSON.stringify(destinationRecord(event)), attributes: {} })).to.deep.equal({
      parkedBy: "Lambda destination",
      cause: "RetriesExhausted: TenantStoreError: Failed to update tenant state of acme",
      event,
    });
  });

  it("are unwrapped when Lambda put them into its dead-letter queue", () => {
    expect(unwrap({ body, attributes: LAMBDA_ATTRIBUTES })).to.deep.equal({
      parkedBy: "Lambda DLQ",
      cause: "200: Task timed out",
      event,
    });
  });

  it("are taken as they are when somebody sent a bare event", () => {
    expect(unwrap({ body, attributes: {} })).to.deep.equal({ parkedBy: "someone", cause: "not said", event });
  });

  it("are told apart by any attribute that only one of them sets, and say what is known of the cause", () => {
    const parked = (attributes: Record<string, string>) => {
      const { parkedBy, cause } = unwrap({ body, attributes });
      return [parkedBy, cause];
    };
    expect(parked({ RULE_ARN: "arn" })).to.deep.equal(["EventBridge", "not said"]);
    expect(parked({ ERROR_CODE: "NO_PERMISSIONS", ERROR_MESSAGE: "" })).to.deep.equal([
      ...["EventBridge", "NO_PERMISSIONS"],
    ]);
    expect(parked({ RequestID: "r" })).to.deep.equal(["Lambda DLQ", "not said"]);
    expect(parked({ ErrorCode: "200" })).to.deep.equal(["Lambda DLQ", "200"]);
    expect(parked({ ERROR_MESSAGE: "of nobody" })).to.deep.equal(["someone", "not said"]);
  });

  it("are a destination's record only with what a record has", () => {
    const parkedBy = (content: unknown) => unwrap({ body: JSON.stringify(content), attributes: {} }).parkedBy;
    const record = { requestContext: { condition: "RetriesExhausted" }, requestPayload: event };
    expect(parkedBy(record)).to.equal("Lambda destination");
    expect(unwrap({ body: JSON.stringify(record), attributes: {} }).cause).to.equal("RetriesExhausted");
    for (const other of [
      { requestContext: "RetriesExhausted", requestPayload: event },
      { requestContext: {} },
      { requestPayload: event },
      [record],
      null,
      "record",
    ])
      expect(parkedBy(other), JSON.stringify(other)).to.equal("someone");
    const crashed = { ...record, responsePayload: { errorType: "Runtime.ExitError", errorMessage: 7 } };
    expect(unwrap({ body: JSON.stringify(crashed), attributes: {} }).cause).to.equal(
      "RetriesExhausted: Runtime.ExitError",
    );
  });

  it("are of a service, or of a tenant, or of nobody but themselves", () => {
    const letter = letterOf(event);
    expect(subjectOf({ ...letter, serviceArn: undefined, tenantId: "acme" })).to.equal("tenant acme");
    expect(subjectOf({ ...letter, serviceArn: undefined, tenantId: undefined })).to.equal("event e1");
  });

  it("say the first three violations, and how many more there are", () => {
    expect(firstOf([])).to.equal("");
    expect(firstOf(["a", "b", "c"])).to.equal("a; b; c");
    expect(firstOf(["a", "b", "c", "d", "e"])).to.equal("a; b; c and 2 more");
  });

  it("say which event they hold, under its canonical name, of which service", () => {
    const letter = letterOf(
      deploymentStateChange("SERVICE_DEPLOYMENT_IN_PROGRESS", "ecs-svc/1", {
        id: "e2",
        time: "2026-03-01T12:00:00.5+02:00",
        detail: { reason: "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/0." },
      }),
    );
    expect(letter).to.include({
      kind: "retryable",
      eventId: "e2",
      at: "2026-03-01T10:00:00Z",
      event: "DEPLOYMENT_ROLLBACK_STARTED",
      eventName: "SERVICE_DEPLOYMENT_IN_PROGRESS",
      serviceArn: serviceArnOf("acme"),
    });
    expect(letter).to.have.property("tenantId", undefined);
    expect(subjectOf(letter)).to.equal("tenant-acme-wordpress");
  });

  it("keep the name that ECS sent when the table does not map it", () => {
    expect(letterOf(serviceAction("CAPACITY_PROVIDER_STEADY_STATE")).event).to.equal(
      "CAPACITY_PROVIDER_STEADY_STATE",
    );
  });

  const poison: [what: string, body: string, violation: RegExp][] = [
    ["a body that is no JSON", "{", /^the body is not JSON$/],
    ["a body that is no event", '{"Records":[]}', /must have required property 'detail-type'/],
    [
      "an event of another service",
      JSON.stringify({ ...event, source: "aws.s3" }),
      /^\/source must be "aws\.ecs"$/,
    ],
    ["a record without an event", JSON.stringify(destinationRecord(null)), /^the event must be object$/],
  ];
  for (const [what, text, violation] of poison) {
    it(`are poison with ${what}`, () => {
      const letter = readDeadLetter("m1", { body: text, attributes: {} });
      expect(letter).to.include({ kind: "poison", messageId: "m1" });
      expect(letter.kind === "poison" && letter.violations.some((text) => violation.test(text))).to.be.true;
    });
  }

  it("are ordered by the time of their events, within a second by the table", () => {
    const times: [name: string, time: string][] = [
      ["SERVICE_STEADY_STATE", "2026-03-01T10:00:01Z"],
      ["DEPLOYMENT_IN_PROGRESS", "2026-03-01T10:00:01Z"],
      ["SERVICE_DELETED", "2026-03-01T09:00:00Z"],
      ["DEPLOYMENT_COMPLETED", "2026-03-01T10:00:01Z"],
    ];
    const letters = times.map(([name, time]) => letterOf(serviceAction(name, { time })));
    expect(letters.sort(byEventTime).map((letter) => letter.event)).to.deep.equal([
      "SERVICE_DELETED",
      "DEPLOYMENT_IN_PROGRESS",
      "DEPLOYMENT_COMPLETED",
      "SERVICE_STEADY_STATE",
    ]);
  });
});

describe("the filter of dead letters", () => {
  const filterOf = (...conditions: string[]): LetterFilter =>
    conditions.reduce<LetterFilter>((before, condition) => {
      const filter = parseFilter(condition, before);
      if (typeof filter === "string") throw new Error(filter);
      return filter;
    }, []);
  const failed = letterOf(deploymentStateChange("SERVICE_DEPLOYMENT_FAILED", "ecs-svc/1"));
  const tagged = letterOf(serviceAction("SERVICE_STEADY_STATE", { detail: { tags: tagsOf("inline") } }));

  const of = (service: string): RetryableLetter =>
    letterOf(serviceAction("SERVICE_STEADY_STATE", { resources: [service] }));
  const named = (name: string): RetryableLetter =>
    of(`arn:aws:ecs:af-south-1:536580886816:service/bbws-cluster-dev/${name}`);

  const cases: [letter: RetryableLetter, condition: string, matched: boolean][] = [
    [named("tenant-big_beard-wordpress"), "tenant=big_beard", true],
    [named("tenant-big-beard-wordpress"), "tenant=big_beard", true],
    [named("tenant_big_beard_wordpress"), "tenant=big-beard", true],
    [named("big_beard"), "tenant=big-beard", true],
    [named("tenant-big-beard2-wordpress"), "tenant=big-beard", false],
    [named("tenant-bigbeard-wordpress"), "tenant=big-beard", false],
    [of("arn:aws:ecs:af-south-1:536580886816:service/tenant-acme-wordpress"), "tenant=acme", true],
    [of("arn:aws:ecs:af-south-1:536580886816:service/tenant-acme-wordpress"), "tenant=service", false],
    [failed, "event=DEPLOYMENT_FAILED", true],
    [failed, "event=service_deployment_failed", true],
    [failed, "event=DEPLOYMENT", false],
    [failed, "tenant=acme", true],
    [failed, "tenant=acm", false],
    [failed, "tenant=tenant-acme", true],
    [failed, "tenant=other", false],
    [tagged, "tenant=inline", true],
    [tagged, "tenant=acme", false],
  ];
  for (const [letter, condition, matched] of cases) {
    it(`${condition} ${matched ? "takes" : "leaves"} ${letter.eventName} of ${letter.tenantId ?? subjectOf(letter)}`, () => {
      expect(matches(letter, filterOf(condition))).to.equal(matched);
    });
  }

  it("asks for all of its conditions", () => {
    expect(matches(failed, filterOf("event=DEPLOYMENT_FAILED", "tenant=acme"))).to.be.true;
    expect(matches(failed, filterOf("event=DEPLOYMENT_FAILED", "tenant=other"))).to.be.false;
    expect(matches(failed, [])).to.be.true;
  });

  it("takes what is none of those that are not meant", () => {
    const filter = filterOf("tenant!=other", "tenant!=globex", "event!=SERVICE_STEADY_STATE");
    expect(matches(failed, filter)).to.be.true;
    expect(matches(failed, filterOf("tenant!=acme"))).to.be.false;
    expect(matches(failed, filterOf("event!=service_deployment_failed"))).to.be.false;
  });

  it("tells poison apart, which has neither tenant nor event", () => {
    const poison = readDeadLetter("m1", { body: "{", attributes: LAMBDA_ATTRIBUTES });
    expect(matches(poison, [])).to.be.true;
    expect(matches(poison, filterOf("kind=poison"))).to.be.true;
    expect(matches(poison, filterOf("kind=retryable"))).to.be.false;
    expect(matches(failed, filterOf("kind=poison"))).to.be.false;
    expect(matches(failed, filterOf("kind=retryable"))).to.be.true;
    expect(matches(poison, filterOf("cause=TIMED OUT"))).to.be.true;
    expect(matches(poison, filterOf("cause=not json"))).to.be.true;
    expect(matches(poison, filterOf("cause!=timed out"))).to.be.false;
    for (const condition of [
      "tenant=acme",
      "tenant!=acme",
      "event=SERVICE_DELETED",
      "event!=SERVICE_DELETED",
    ])
      expect(matches(poison, filterOf(condition)), condition).to.be.false;
  });

  for (const condition of ["service=x", "event", "event=", "=x", "tenant!="]) {
    it(`refuses ${condition}`, () => {
      expect(parseFilter(condition, [])).to.match(/^It must be event=NAME, event!=NAME, tenant=ID/);
    });
  }

  for (const condition of ["kind=other", "kind!=poison"]) {
    it(`refuses ${condition}`, () => {
      expect(parseFilter(condition, [])).to.equal("It must be kind=poison or kind=retryable.");
    });
  }

  it("refuses a second condition of one kind, unless it says what is not meant", () => {
    expect(parseFilter("tenant=b", filterOf("tenant=a"))).to.equal("There may be one tenant= only.");
    expect(filterOf("tenant!=a", "tenant=b", "event=x", "tenant!=c")).to.have.length(4);
  });

  it("takes a value as it stands but for spaces around it, whatever signs it has", () => {
    expect(filterOf("cause= a = b\nc ")).to.deep.equal([{ key: "cause", negated: false, value: "a = b\nc" }]);
    expect(parseFilter("x tenant=a", [])).to.be.a("string");
  });
});
