import { expect } from "chai";
import { parseEcsEvent } from "../../../handler/ecs-event.ts";
import { readEventStream, type StreamEntry, type ReadCounts } from "../../../local/input/event-stream.ts";
import { readRecording } from "../../../local/input/recordings.ts";
import { serviceAction, serviceArnOf } from "../../handler/events.ts";

const first = serviceAction("SERVICE_STEADY_STATE", { id: "a", resources: [serviceArnOf("acme")] });
const second = serviceAction("SERVICE_DELETED", { id: "b", resources: [serviceArnOf("acme")] });
const texts = [first, second].map((event) => JSON.stringify(event));

const read = async (text: string): Promise<{ entries: StreamEntry[]; readCounts: ReadCounts }> => {
  const stream = readEventStream(
    (async function* () {
      yield await Promise.resolve(text);
    })(),
  );
  const entries: StreamEntry[] = [];
  for await (const entry of stream.entries) entries.push(entry);
  return { entries, readCounts: stream.readCounts() };
};

const eventsOf = ({ entries }: { entries: readonly StreamEntry[] }): unknown[] =>
  entries.map((entry) => (entry.kind === "event" ? entry.event : entry.problem));

/** The events as an operator has them, and what they are then called. */
const WRAPPED: Readonly<Record<string, unknown>> = {
  "EventBridge event in SQS message": {
    Messages: texts.map((Body, index) => ({ MessageId: `${index}`, ReceiptHandle: "x", Body })),
  },
  "EventBridge event in Lambda destination record in SQS message": {
    Messages: [first, second].map((requestPayload) => ({
      MessageId: "m",
      Body: JSON.stringify({
        version: "1.0",
        timestamp: "2026-03-01T10:00:00.000Z",
        requestContext: { requestId: "r", condition: "RetriesExhausted", approximateInvokeCount: 3 },
        requestPayload,
        responsePayload: { errorType: "TenantStoreError", errorMessage: "x" },
      }),
    })),
  },
  "EventBridge event in CloudWatch Logs message": {
    events: texts.map((message) => ({
      logStreamName: "s",
      timestamp: 1,
      message,
      ingestionTime: 2,
      eventId: "3",
    })),
    searchedLogStreams: [],
  },
  "EventBridge event in Logs Insights row": {
    results: texts.map((value) => [
      { field: "@timestamp", value: "2026-03-01 10:00:00.000" },
      { field: "@message", value },
      { field: "@ptr", value: "x" },
    ]),
    status: "Complete",
  },
};

/** As the console downloads it: quoted where need be. */
const csv = (rows: readonly (readonly string[])[]): string =>
  rows
    .map((row) =>
      row.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(","),
    )
    .join("\n");

describe("A recording of events", () => {
  it("may be what SNS hands a function, or sends to a queue", async () => {
    const [body = "", other = ""] = texts;
    const envelope = { Type: "Notification", MessageId: "m", TopicArn: "arn:aws:sns:x:1:t", Message: body };
    for (const [recording, form] of [
      [{ Records: [{ EventSource: "aws:sns", Sns: envelope }] }, "SNS message"],
      [envelope, "SNS message"],
      [{ Messages: [{ MessageId: "q", Body: JSON.stringify(envelope) }] }, "SNS message in SQS message"],
    ] as const) {
      const found = await read(JSON.stringify(recording));
      expect(eventsOf(found)).to.deep.equal([first]);
      expect([...found.readCounts.forms.keys()]).to.deep.equal([`EventBridge event in ${form}`]);
    }
    const alarm = { ...envelope, Message: '{"AlarmName":"errors"}' };
    const { entries, readCounts } = await read(`${JSON.stringify(alarm)}\n${other}`);
    expect([entries.length, readCounts.others, readCounts.notUnderstood]).to.deep.equal([1, 1, 0]);
  });

  it("may be what the console downloads as CSV, with cells of many lines", async () => {
    const time = "2026-03-01 10:00:00.000";
    const spread = JSON.stringify(second, undefined, 2);
    for (const [header, form] of [
      [["@timestamp", "@message", "@logStream"], "Logs Insights CSV row"],
      [["timestamp", "message"], "CloudWatch Logs CSV row"],
    ] as const) {
      const more = header.slice(2).map(() => "s");
      const text = csv([
        header,
        [time, texts[0] ?? "", ...more],
        [time, "START RequestId: r Version: 7\n", ...more],
        [time, spread, ...more],
        [time, "broken"],
      ]);
      const found = await read(`\n${text}\n`.replaceAll("\n", "\r\n"));
      expect(eventsOf(found)).to.deep.equal([first, second]);
      expect(found.readCounts).to.deep.equal({
        forms: new Map([[`EventBridge event in ${form}`, 2]]),
        others: 2,
        notUnderstood: 0,
      });
    }
  });

  it("may be CSV of fields that were asked for one by one", async () => {
    const { entries, readCounts } = await read(
      csv([
        ["eventId", "eventTime", "eventName", "serviceArn", "tenantId"],
        ["b", "2026-03-01T10:00:00Z", "SERVICE_DELETED", serviceArnOf("odd-name"), "acme"],
        ["", "", "", "", ""],
      ]),
    );
    expect(entries.map((entry) => entry.kind === "event" && [entry.position, entry.tenantId])).to.deep.equal([
      [{ line: 2 }, "acme"],
    ]);
    expect([...readCounts.forms]).to.deep.equal([["line of the function's log in Logs Insights CSV row", 1]]);
  });

  it("may be CSV that breaks off: what came before it is played", async () => {
    const text = csv([["@timestamp", "@message"], ...texts.map((each) => ["t", each])]);
    const { entries } = await read(text.slice(0, -5));
    expect(entries.map((entry) => (entry.kind === "event" ? entry.event : entry.problem))).to.deep.equal([
      first,
      "is not CSV: Quote Not Closed: the parsing is finished with an opening quote at line 3",
    ]);
  });

  it("in CSV is read as it comes, however long it is", async () => {
    const line = csv([["t", texts[0] ?? ""]]);
    let written = 0;
    const stream = readEventStream(
      (async function* () {
        yield "@timestamp,@message\n";
        for (; written < 100_000; written++) yield await Promise.resolve(`${line}\n`);
      })(),
    );
    expect(await stream.entries.next()).to.have.nested.property("value.kind", "event");
    expect(written, "lines that are read ahead").to.be.below(2000);
    await stream.entries.return(undefined);
  });

  for (const [form, recording] of Object.entries(WRAPPED)) {
    it(`may be ${form}`, async () => {
      const found = await read(JSON.stringify(recording, undefined, 2));
      expect(eventsOf(found)).to.deep.equal([first, second]);
      expect(found.readCounts).to.deep.equal({ forms: new Map([[form, 2]]), others: 0, notUnderstood: 0 });
    });
  }

  it("may be what SQS hands a function, a message by itself, or a subscription's batch", async () => {
    const [body = ""] = texts;
    for (const recording of [
      { Records: [{ messageId: "m", body, eventSource: "aws:sqs" }] },
      { MessageId: "m", Body: body },
      { messageType: "DATA_MESSAGE", logEvents: [{ id: "1", timestamp: 1, message: body }] },
      { "@timestamp": "2026-03-01 10:00:00.000", "@message": first },
    ])
      expect(eventsOf(await read(JSON.stringify(recording)))).to.deep.equal([first]);
  });

  it("may be entries for PutEvents, as a request or as the file that the CLI takes", async () => {
    const entry = {
      Time: first["time"],
      Source: first["source"],
      DetailType: first["detail-type"],
      Detail: JSON.stringify(first["detail"]),
      Resources: first["resources"],
      EventBusName: "default",
    };
    for (const recording of [{ Entries: [entry] }, [entry]]) {
      const [event] = eventsOf(await read(JSON.stringify(recording)));
      const { at, eventName, serviceArn } = parseEcsEvent(event);
      expect([at, eventName, serviceArn]).to.deep.equal([
        first["time"],
        "SERVICE_STEADY_STATE",
        serviceArnOf("acme"),
      ]);
    }
  });

  it("may have a time that is none, which is left to the function to refuse", async () => {
    // In microseconds, where PutEvents has seconds.
    const entry = { Time: 1_772_438_408_000_000, DetailType: first["detail-type"], Detail: "{}" };
    expect(eventsOf(await read(JSON.stringify([entry])))).to.have.nested.property(
      "0.time",
      "1772438408000000",
    );
  });

  it("may be the function's log, which knows the tenants, with what else is in it", async () => {
    const line = {
      level: "info",
      message: "Tenant status ACTIVE -> DEPROVISIONED",
      timestamp: "2026-03-01T10:00:01.000Z",
      requestId: "r",
      eventId: "b",
      eventTime: "2026-03-01T10:00:00Z",
      eventName: "SERVICE_DELETED",
      serviceArn: serviceArnOf("odd-name"),
      status: "success",
      tenantId: "acme",
      event: "SERVICE_DELETED",
    };
    const lines = [
      "START RequestId: r Version: 7",
      JSON.stringify(line),
      "REPORT RequestId: r\tDuration: 5.00 ms",
      JSON.stringify({ level: "warn", message: "of no event" }),
    ];
    const forms: Readonly<Record<string, string>> = {
      "CloudWatch Logs message": JSON.stringify({
        events: lines.map((message) => ({ timestamp: 1, message })),
      }),
      "line with a time": lines.map((each) => `2026-03-01T10:00:01.123Z ${each}`).join("\n"),
      "Logs Insights row": JSON.stringify({
        results: [
          Object.entries(line).map(([field, value]) => ({ field, value })),
          ...[0, 2, 3].map((index) => [{ field: "@message", value: lines[index] }]),
        ],
      }),
    };
    for (const [form, text] of Object.entries(forms)) {
      const { entries, readCounts } = await read(text);
      expect(readCounts, form).to.deep.equal({
        forms: new Map([[`line of the function's log in ${form}`, 1]]),
        others: 3,
        notUnderstood: 0,
      });
      const [entry] = entries;
      if (entry?.kind !== "event") throw new Error("no event");
      expect(entry.tenantId).to.equal("acme");
      expect(parseEcsEvent(entry.event)).to.include({
        id: "b",
        at: "2026-03-01T10:00:00Z",
        eventName: "SERVICE_DELETED",
        serviceArn: serviceArnOf("odd-name"),
      });
    }
  });

  it("tells whose event it is where the log names no service", () => {
    const [recorded] = readRecording({
      eventId: "a",
      eventTime: "2026-03-01T10:00:00Z",
      eventName: "SERVICE_STEADY_STATE",
      tenantId: "acme",
    }).events;
    expect(parseEcsEvent(recorded?.event)).to.deep.include({
      serviceArn: undefined,
      tags: [{ key: "bbws:tenant-id", value: "acme" }],
    });
  });

  it("is nothing that is wrapped in itself without end", () => {
    let recording: unknown = first;
    for (let depth = 0; depth < 100; depth++) recording = { requestContext: {}, requestPayload: recording };
    expect(readRecording(recording).events).to.deep.equal([]);
  });
});
