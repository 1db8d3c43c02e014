import { expect } from "chai";
import sinon from "sinon";
import type { Answer } from "../../handler/answer.ts";
import { parseEcsEvent } from "../../handler/ecs-event.ts";
import { createEventLog } from "../../handler/event-log.ts";
import {
  InvalidEventError,
  MalformedRowError,
  TagLookupError,
  TenantStoreError,
} from "../../handler/errors.ts";
import { createEventNotes } from "../../handler/event-notes.ts";
import { createLogger } from "../../handler/logger.ts";
import { serviceAction } from "./events.ts";

const NOW = new Date("2026-03-01T10:00:42.500Z");
const event = parseEcsEvent(
  serviceAction("SERVICE_STEADY_STATE", { id: "e1", time: "2026-03-01T10:00:00Z" }),
);
const invocation = { requestId: "r-1", eventId: "e1" };
const success: Answer = {
  status: "success",
  tenantId: "acme",
  event: "SERVICE_STEADY_STATE",
  tenantStatus: "ACTIVE",
  changed: false,
};

describe("the log line of an event", () => {
  const lines: string[] = [];
  const notes = createEventNotes();
  /** Runs with standard output caught: the lines are what Lambda would hand to CloudWatch. */
  const logged = (
    level: "debug" | "info" | "warn" | "error",
    write: (log: ReturnType<typeof createEventLog>) => void,
  ) => {
    lines.length = 0;
    const stdout = sinon.stub(process.stdout, "write").callsFake((text) => {
      lines.push(String(text));
      return true;
    });
    try {
      write(createEventLog(createLogger(level), "dev", () => NOW, notes));
    } finally {
      stdout.restore();
    }
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  /** The names of the metrics that a line records. */
  const metricsIn = (line: Record<string, unknown> | undefined): string[] => {
    const { CloudWatchMetrics } = line?.["_aws"] as { CloudWatchMetrics: { Metrics: { Name: string }[] }[] };
    return CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
  };

  it("is one JSON object with timestamp, upper-case level and message first", () => {
    const [line] = logged("info", (log) => {
      log.answered(event, success, invocation);
    });
    expect(Object.keys(line ?? {}).slice(0, 3)).to.deep.equal(["timestamp", "level", "message"]);
    expect(line).to.include({ level: "INFO", message: "Tenant status stays ACTIVE" });
    expect(lines).to.have.length(1);
    expect(lines[0]?.endsWith("}\n")).to.equal(true);
  });

  it("is a metric record in the embedded metric format, with Environment as its only dimension", () => {
    const [line] = logged("info", (log) => {
      log.answered(event, { ...success, previousStatus: "SCALING", changed: true }, invocation);
    });
    expect(line).to.deep.include({
      Environment: "dev",
      Status: "ACTIVE",
      EventsProcessed: 1,
      StatusChanges: 1,
      EventLagMs: 42_500,
      _aws: {
        Timestamp: NOW.getTime(),
        CloudWatchMetrics: [
          {
            Namespace: "BBWS/EcsEventHandler",
            Dimensions: [["Environment"]],
            Metrics: [
              { Name: "EventsProcessed", Unit: "Count" },
              { Name: "StatusChanges", Unit: "Count" },
              { Name: "EventLagMs", Unit: "Milliseconds" },
            ],
          },
        ],
      },
    });
  });

  it("never tells of an event that was processed before it happened", () => {
    const [line] = logged("info", (log) => {
      log.answered({ ...event, at: "2026-03-01T10:01:00Z" }, success, invocation);
    });
    expect(line).to.include({ EventLagMs: 0 });
  });

  const levels = {
    unmapped_event: "INFO",
    other_cluster: "INFO",
    duplicate: "INFO",
    no_tenant_tag: "WARN",
    environment_mismatch: "WARN",
    unknown_tenant: "WARN",
    service_not_found: "WARN",
  } as const;
  for (const [reason, level] of Object.entries(levels)) {
    it(`tells of ${reason} at level ${level}`, () => {
      const answer = {
        status: "ignored",
        reason: reason as keyof typeof levels,
        event: "X",
        message: "Why",
      } as const;
      const [line] = logged("info", (log) => {
        log.answered(event, answer, invocation);
      });
      expect(line).to.include({ level, message: "Why", Reason: reason, EventsIgnored: 1 });
    });
  }

  it("tells of a failure with the tenant, the error's name and its message, but no stack", () => {
    const [line] = logged("error", (log) => {
      log.failed(event, new TenantStoreError("acme", new Error("no route to host")), invocation);
    });
    expect(line).to.deep.include({
      level: "ERROR",
      message: "Failed to update tenant state",
      eventId: "e1",
      tenantId: "acme",
      status: "failed",
      error: {
        name: "TenantStoreError",
        message: "Failed to update tenant state of acme: Error: no route to host",
      },
    });
  });

  it("says from what to what a status changed, and what the event was answered with", () => {
    const [line] = logged("info", (log) => {
      log.answered(event, { ...success, previousStatus: "SCALING", changed: true }, invocation);
    });
    expect(line).to.include({
      message: "Tenant status SCALING -> ACTIVE",
      status: "success",
      tenantId: "acme",
      event: "SERVICE_STEADY_STATE",
      tenantStatus: "ACTIVE",
      previousStatus: "SCALING",
      changed: true,
    });
    const [first] = logged("info", (log) => {
      log.answered(event, { ...success, changed: true }, invocation);
    });
    expect(first).to.include({ message: "Tenant status (none) -> ACTIVE" });
  });

  it("cuts a text that is longer than 256 characters, wherever it comes from", () => {
    const longest = "x".repeat(256);
    const answer: Answer = {
      ...success,
      previousStatus: `${longest}x`,
      tenantStatus: longest,
      changed: true,
    };
    const [line] = logged("info", (log) => {
      log.answered({ ...event, id: `${longest}x` }, answer, invocation);
    });
    expect(line).to.include({
      eventId: `${longest}…`,
      previousStatus: `${longest}…`,
      tenantStatus: longest,
      message: `Tenant status ${longest}… -> ${longest}`,
    });
  });

  it("cuts what it says of things beside the event, though not an ARN", () => {
    const longest = "x".repeat(2048 - "ServiceConflicts: ".length);
    notes.add("ServiceConflicts", longest);
    notes.add("ServiceConflicts", `${longest}x`);
    const [line] = logged("warn", (log) => {
      log.answered(event, success, invocation);
    });
    expect(line?.["notes"]).to.deep.equal([`ServiceConflicts: ${longest}`, `ServiceConflicts: ${longest}…`]);
  });

  it("says who sent the event where that was not ECS", () => {
    const [line] = logged("info", (log) => {
      log.answered({ ...event, source: "reconciler" }, success, invocation);
    });
    expect(line).to.include({ source: "reconciler" });
    const [ofEcs] = logged("info", (log) => {
      log.answered(event, success, invocation);
    });
    expect(ofEcs).not.to.have.property("source");
  });

  it("names the event by what is known of it", () => {
    const eventIds = [
      logged("error", (log) => {
        log.failed(undefined, new Error("no"), { requestId: "r-1", eventId: "e7" });
      }),
      logged("error", (log) => {
        log.failed(event, new Error("no"), { requestId: "r-1", eventId: undefined });
      }),
    ].map(([line]) => line?.["eventId"]);
    expect(eventIds).to.deep.equal(["e7", "e1"]);
  });

  for (const [error, message, tenantId] of [
    [new InvalidEventError(["no id"]), "Invalid event", undefined],
    [new TagLookupError("arn", "no"), "Failed to look up service tags", undefined],
    [new TenantStoreError("acme", "no"), "Failed to update tenant state", "acme"],
    [new MalformedRowError("acme", ["no"]), "Failed to update tenant state", "acme"],
    [Object.assign(new Error("no"), { tenantId: "made up" }), "Unexpected error", undefined],
  ] as const)
    it(`says "${message}" of ${error.name}, and names a tenant only where the store failed`, () => {
      const [line] = logged("error", (log) => {
        log.failed(event, error, invocation);
      });
      expect([line?.["message"], line?.["tenantId"]]).to.deep.equal([message, tenantId]);
    });

  it("tells of what nobody foresaw, too", () => {
    const [line] = logged("error", (log) => {
      log.failed(undefined, "a string that was thrown", invocation);
    });
    expect(line).to.deep.include({
      message: "Unexpected error",
      error: { message: "a string that was thrown" },
    });
  });

  it("warns of what happened beside the event, and counts it", () => {
    notes.add("DirectoryItemsRejected", "tenant_id is no text");
    notes.add("DirectoryFailures", "writing failed");
    notes.add("DirectoryFailures", "reading failed");
    const [line] = logged("warn", (log) => {
      log.answered(event, success, invocation);
    });
    expect(line).to.deep.include({
      level: "WARN",
      message: "Tenant status stays ACTIVE",
      EventsProcessed: 1,
      DirectoryItemsRejected: 1,
      DirectoryFailures: 2,
      notes: [
        "DirectoryItemsRejected: tenant_id is no text",
        "DirectoryFailures: writing failed",
        "DirectoryFailures: reading failed",
      ],
    });
    expect(metricsIn(line)).to.include.members(["DirectoryItemsRejected", "DirectoryFailures"]);
    const [next] = logged("info", (log) => {
      log.answered(event, success, invocation);
    });
    expect(next, "the next event's line says nothing of it").to.include({ level: "INFO" });
    expect(next).not.to.have.any.keys("notes", "DirectoryFailures");
  });

  it("counts what happened beside an event that failed", () => {
    notes.add("DirectoryFailures", "reading failed");
    const [line] = logged("error", (log) => {
      log.failed(event, new Error("no"), invocation);
    });
    expect(line).to.deep.include({
      level: "ERROR",
      Environment: "dev",
      DirectoryFailures: 1,
      notes: ["DirectoryFailures: reading failed"],
    });
    expect(metricsIn(line)).to.deep.equal(["DirectoryFailures"]);
    const [next] = logged("error", (log) => {
      log.failed(event, new Error("no"), invocation);
    });
    expect(next, "a failure is Lambda's metric, not the function's").not.to.have.any.keys("_aws", "notes");
  });

  it("is dropped when the level is quieter", () => {
    const written = logged("warn", (log) => {
      log.answered(event, success, invocation);
    });
    expect(written).to.deep.equal([]);
  });
});
