import { expect } from "chai";
import fc from "fast-check";
import { anyText } from "../checklist/any-text.ts";
import { CLUSTER_ARN, serviceAction, tagsOf } from "../handler/events.ts";
import { type AwsStub, ok, startAwsStub } from "./aws-stub.ts";
import { builtFunction } from "./built-function.ts";
import { type BundleRun, runBundle } from "./lambda.ts";

/** Texts that mean something to formatters, terminals, parsers or prototypes. */
const hostile = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .array(
        fc.oneof(
          fc.constantFrom("%", "%s", "%d", "%j", "%o", "%%", "50%done", "\n", "\r\n", '"', "\\", "{", "}"),
          fc.constantFrom(
            "\u0000",
            "\u001b[2J",
            "\u009b31m",
            "\u2028",
            "\u202e",
            "\ud800",
            "__proto__",
            "ERROR",
          ),
          anyText({ maxLength: 8 }),
        ),
        { minLength: 1, maxLength: 8 },
      )
      .map((parts) => parts.join("")),
  },
  // Always the same, and as much to write as thousands of the others.
  { weight: 1, arbitrary: fc.constant("%s".repeat(200_000)) },
);

const HOW_MANY = 300;

describe("the built bundle's log lines, whatever the texts in rows and events are", () => {
  let bundlePath: string;
  let stub: AwsStub;
  before(async () => {
    ({ bundlePath } = await builtFunction());
  });
  afterEach(() => {
    stub.close();
  });

  const play = async (
    events: readonly unknown[],
    statuses: readonly string[] = [],
    serviceArns: readonly string[] = [],
  ): Promise<BundleRun> => {
    stub = await startAwsStub((_, earlier) =>
      ok({
        Attributes: {
          status: { S: statuses[earlier] ?? "" },
          service_arn: { S: serviceArns[earlier] ?? "" },
        },
      }),
    );
    return runBundle(
      bundlePath,
      {
        ENVIRONMENT: "dev",
        TENANTS_TABLE: "bbws-tenants-dev",
        CLUSTER_ARN,
        AWS_REGION: "af-south-1",
        AWS_ACCESS_KEY_ID: "AKIATEST",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL_DYNAMODB: stub.endpoint,
      },
      events,
    );
  };

  it("have all their fields and metrics when a row's status is such a text", async () => {
    const texts = fc.sample(fc.tuple(hostile, hostile), HOW_MANY);
    const events = texts.map(([, tenantId], index) =>
      serviceAction("SERVICE_STEADY_STATE", {
        id: `e${index}`,
        resources: [],
        detail: { tags: tagsOf(`t${tenantId.slice(0, 200)}`) },
      }),
    );
    const { log } = await play(
      events,
      texts.map(([status]) => status),
    );
    expect(log).to.have.length(HOW_MANY);
    log.forEach((line, index) => {
      const [status = "", tenantId = ""] = texts[index] ?? [];
      const shown = status.length > 256 ? `${status.slice(0, 256)}…` : status;
      expect(line).to.include({
        level: "INFO",
        message: `Tenant status ${shown} -> ACTIVE`,
        requestId: `request-${index}`,
        eventId: `e${index}`,
        tenantId: `t${tenantId.slice(0, 200)}`,
        previousStatus: shown,
        Environment: "dev",
        EventsProcessed: 1,
        StatusChanges: 1,
      });
      expect(line["_aws"]).to.have.property("CloudWatchMetrics");
    });
  });

  it("have all their fields and metrics when the service that a row names is such a text", async () => {
    const texts = fc.sample(hostile, HOW_MANY);
    const events = texts.map((_, index) =>
      serviceAction("SERVICE_STEADY_STATE", {
        id: `e${index}`,
        // Of the short form, for which ECS is not asked.
        resources: ["arn:aws:ecs:af-south-1:536580886816:service/old"],
        detail: { tags: tagsOf("acme") },
      }),
    );
    const { log } = await play(events, [], texts);
    expect(log).to.have.length(HOW_MANY);
    log.forEach((line, index) => {
      expect(line).to.include({
        level: "WARN",
        eventId: `e${index}`,
        EventsProcessed: 1,
        ServiceConflicts: 1,
      });
      expect(JSON.stringify(line["notes"])).to.have.length.below(20_000);
    });
  });

  it("have all their fields and metrics when an event's name, reason or id is such a text", async () => {
    // An event without a name or an id is no valid event.
    const text = hostile.filter((candidate) => candidate !== "");
    const texts = fc.sample(fc.tuple(text, hostile, text), HOW_MANY);
    const events = texts.map(([name, reason, id]) =>
      serviceAction(name.slice(0, 128), { id: id.slice(0, 128), resources: [], detail: { reason } }),
    );
    const { log } = await play(events);
    expect(log).to.have.length(HOW_MANY);
    log.forEach((line, index) => {
      const [name = "", , id = ""] = texts[index] ?? [];
      expect(line).to.include({
        level: "INFO",
        message: `No transition for ${name.slice(0, 128)}`,
        requestId: `request-${index}`,
        eventId: id.slice(0, 128),
        Reason: "unmapped_event",
        EventsIgnored: 1,
      });
    });
  });

  it("name the request, and the event as far as it has an id, when it is no valid event", async () => {
    const texts = fc.sample(hostile, HOW_MANY);
    const events = texts.map((id) => ({ id, source: id, detail: { [id.slice(0, 50)]: id } }));
    const { log } = await play([...events, { id: 7 }, "no event", null]);
    expect(log).to.have.length(HOW_MANY + 3);
    log.forEach((line, index) => {
      expect(line).to.include({ level: "ERROR", message: "Invalid event", requestId: `request-${index}` });
      const id = texts[index];
      if (id === undefined) expect(line).not.to.have.property("eventId");
      else expect(line["eventId"]).to.equal(id.length > 256 ? `${id.slice(0, 256)}…` : id);
      expect(JSON.stringify(line).length).to.be.below(100_000);
    });
  });
});
