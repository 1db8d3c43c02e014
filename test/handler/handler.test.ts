import { expect } from "chai";
import fc from "fast-check";
import sinon from "sinon";
import { InvalidEventError } from "../../handler/errors.ts";
import { createEventNotes } from "../../handler/event-notes.ts";
import { createEventProcessor } from "../../handler/event-processor.ts";
import { createHandler } from "../../handler/handler.ts";
import type { Recorded, TenantStore } from "../../handler/tenant-store.ts";
import { transitionTable } from "../../handler/transition-table.ts";
import { CLUSTER_ARN, deploymentStateChange, serviceAction, serviceArnOf, tagsOf } from "./events.ts";

const NOW = new Date("2026-03-01T10:00:42.500Z");

describe("the handler", () => {
  const record = sinon.stub<Parameters<TenantStore["record"]>, Promise<Recorded>>();
  const log = { answered: sinon.spy(), failed: sinon.spy() };
  const handler = createHandler(
    createEventProcessor({
      configuration: { environment: "dev", clusterArn: CLUSTER_ARN },
      table: transitionTable,
      notes: createEventNotes(),
      lookUpTenant: () => Promise.resolve({ tenantId: "acme", environment: "dev" }),
      store: { record },
    }),
    log,
    () => NOW,
  );

  beforeEach(() => {
    record.reset();
    record.resolves({
      kind: "recorded",
      event: "SERVICE_STEADY_STATE",
      status: "ACTIVE",
      previousStatus: undefined,
      changed: true,
      serviceArn: undefined,
    });
    log.answered.resetHistory();
    log.failed.resetHistory();
  });

  const names = fc.oneof(
    fc.constantFrom(...transitionTable.eventNames, "CAPACITY_PROVIDER_STEADY_STATE", "TASKS_STOPPED"),
    fc.string({ minLength: 1, maxLength: 128 }),
  );
  const clusterArns = fc.constantFrom(CLUSTER_ARN, `${CLUSTER_ARN}-2`);
  const resources = fc.subarray([
    serviceArnOf("acme"),
    "arn:aws:ecs:af-south-1:1:service/old",
    "something else",
  ]);
  const tags = fc.array(
    fc.record({ key: fc.constantFrom("bbws:tenant-id", "bbws:environment", "Name"), value: fc.jsonValue() }),
    { maxLength: 4 },
  );
  const validEvents = fc.oneof(
    fc
      .tuple(
        names,
        fc.record({ clusterArn: clusterArns, tags, desiredCount: fc.nat() }, { requiredKeys: [] }),
        resources,
      )
      .map(([name, detail, arns]) => serviceAction(name, { detail, resources: arns })),
    fc
      .tuple(
        names,
        fc.stringMatching(/^ecs-svc\/\d{1,19}$/),
        fc.record({ reason: fc.string(), tags }, { requiredKeys: [] }),
      )
      .map(([name, deploymentId, detail]) => deploymentStateChange(name, deploymentId, { detail })),
  );

  it("throws what is no event, whatever it is, and says what is known of it", async () => {
    for (const [input, eventId] of [
      [null, undefined],
      [undefined, undefined],
      ["text", undefined],
      [{ id: 7 }, undefined],
      [{ id: "e7" }, "e7"],
    ] as const) {
      log.failed.resetHistory();
      const error: unknown = await handler(input, null).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(InvalidEventError);
      expect(log.failed.args).to.deep.equal([[undefined, error, { requestId: undefined, eventId }]]);
    }
  });

  it("answers every valid event, and logs it once", async () => {
    await fc.assert(
      fc.asyncProperty(validEvents, async (event) => {
        log.answered.resetHistory();
        const answer = await handler(event);
        expect(answer.status).to.be.oneOf(["success", "ignored"]);
        expect([log.answered.callCount, log.failed.callCount]).to.deep.equal([1, 0]);
      }),
      { numRuns: 500 },
    );
  });

  it("throws for every invalid event, and writes nothing", async () => {
    const mandatory = ["id", "source", "detail-type", "time", "resources", "detail"];
    const notAsItShould = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.constant({ a: 1 }));
    const invalidEvents = fc
      .tuple(validEvents, fc.constantFrom(...mandatory), fc.option(notAsItShould, { nil: undefined }))
      .map(([event, field, value]) =>
        Object.fromEntries(
          Object.entries({ ...event, [field]: value }).filter(([, content]) => content !== undefined),
        ),
      );
    await fc.assert(
      fc.asyncProperty(invalidEvents, async (event) => {
        const error: unknown = await handler(event).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(InvalidEventError);
        expect([record.callCount, log.answered.callCount]).to.deep.equal([0, 0]);
      }),
      { numRuns: 500 },
    );
  });

  it("refuses a time that is more than five minutes ahead: it would outdo all that happens until then", async () => {
    const at = (ahead: number) => new Date(NOW.getTime() - 500 + ahead * 1000).toISOString();
    await handler(serviceAction("SERVICE_DELETED", { time: at(300) }));
    const error: unknown = await handler(serviceAction("SERVICE_DELETED", { time: at(301) })).catch(
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(InvalidEventError);
    expect(String(error)).to.match(/\/time is .*, more than 5 minutes ahead of the clock/);
    expect(record.callCount).to.equal(1);
  });

  it("hands the request's id to the log, and an invalid event's own as far as it is a string", async () => {
    const context = { awsRequestId: "r-1" };
    await handler(serviceAction("SERVICE_STEADY_STATE", { id: "e1" }), context);
    expect(log.answered.firstCall.args[2]).to.deep.equal({ requestId: "r-1", eventId: "e1" });
    for (const [input, eventId] of [
      [{ id: "x" }, "x"],
      [{ id: 7 }, undefined],
      [null, undefined],
    ]) {
      await handler(input, context).catch(() => undefined);
      expect(log.failed.lastCall.args[2]).to.deep.equal({ requestId: "r-1", eventId });
    }
  });

  it("throws what the store throws, and logs it once: Lambda tries again", async () => {
    const trouble = new Error("trouble");
    record.rejects(trouble);
    const detail = { tags: tagsOf("acme") };
    const error: unknown = await handler(serviceAction("SERVICE_STEADY_STATE", { detail })).catch(
      (e: unknown) => e,
    );
    expect(error).to.equal(trouble);
    expect([log.answered.callCount, log.failed.callCount]).to.deep.equal([0, 1]);
  });
});
