import { isObject } from "../../checklist/is-object.ts";
import { textAt } from "../json-value.ts";
import { parseJson } from "../../checklist/parse-json.ts";

/** An event, and what it was found in. */
export interface RecordedEvent {
  /** Such as `EventBridge event in SQS message`. */
  readonly form: string;
  /** Any JSON value: whether it is a valid event is for the handler to say. */
  readonly event: unknown;
  /** Where the recording says whose event it is. */
  readonly tenantId: string | undefined;
}

/** What a JSON value holds. */
export interface Findings {
  readonly events: readonly RecordedEvent[];
  /** How many things in it are no events: lines of a log about something else, or the value itself. */
  readonly others: number;
  /** Whether the value is a thing of a known form, though there may be no event in it. */
  readonly isKnown: boolean;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** A form in which events are handed around, wrapped in something. */
interface Wrapping {
  /** What one of its parts is called. */
  readonly name: string;
  /** What it holds: values, or their JSON text. Undefined where the value is not of this form. */
  readonly parts: (value: JsonObject) => readonly unknown[] | undefined;
}

/** An event in other words than EventBridge's. */
interface Telling {
  readonly name: string;
  readonly event: (value: JsonObject) => JsonObject | undefined;
  readonly tenantId?: (value: JsonObject) => string | undefined;
}

const listAt = (value: JsonObject, key: string): readonly unknown[] | undefined => {
  const list = value[key];
  return Array.isArray(list) ? list : undefined;
};

/** The objects of a list that have such a property, and of each that property. */
const pluck = (list: readonly unknown[] | undefined, key: string): readonly unknown[] | undefined =>
  list?.every((item) => isObject(item) && key in item)
    ? list.map((item) => (isObject(item) ? item[key] : undefined))
    : undefined;

/**
 * `aws sqs receive-message`, one message of it, and what SQS and SNS hand a function.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
const SQS_MESSAGE: Wrapping = {
  name: "SQS message",
  parts: (value) =>
    pluck(listAt(value, "Messages"), "Body") ??
    pluck(listAt(value, "Records"), "body") ??
    ("MessageId" in value && "Body" in value ? [value["Body"]] : undefined),
};

/**
 * What SNS hands a function, and what it sends to a queue or a URL.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
 */
const SNS_MESSAGE: Wrapping = {
  name: "SNS message",
  parts: (value) =>
    pluck(pluck(listAt(value, "Records"), "Sns"), "Message") ??
    (value["Type"] === "Notification" && "Message" in value ? [value["Message"]] : undefined),
};

/** @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html */
const DESTINATION_RECORD: Wrapping = {
  name: "Lambda destination record",
  parts: (value) =>
    isObject(value["requestContext"]) && "requestPayload" in value ? [value["requestPayload"]] : undefined,
};

/**
 * `aws logs get-log-events` and `filter-log-events`, and what a subscription hands on.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
const LOG_MESSAGE: Wrapping = {
  name: "CloudWatch Logs message",
  parts: (value) => pluck(listAt(value, "events") ?? listAt(value, "logEvents"), "message"),
};

/**
 * `aws logs get-query-results`: each row is a list of fields. The console exports rows as objects.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html
 */
const INSIGHTS_ROW: Wrapping = {
  name: "Logs Insights row",
  parts: (value) => {
    const rows = listAt(value, "results");
    if (rows?.every(Array.isArray)) return rows.map(rowOf).map((row) => row["@message"] ?? row);
    return "@message" in value ? [value["@message"]] : undefined;
  },
};

/** Fields that were asked for one by one are a line of the log again. */
const rowOf = (fields: readonly unknown[]): JsonObject =>
  Object.fromEntries(
    fields.map((field): [string, unknown] => [textAt(field, "field") ?? "", textAt(field, "value")]),
  );

const PUT_EVENTS_REQUEST: Wrapping = {
  name: "PutEvents request",
  parts: (value) => pluck(listAt(value, "Entries"), "Detail") && listAt(value, "Entries"),
};

const WRAPPINGS = [
  SQS_MESSAGE,
  SNS_MESSAGE,
  DESTINATION_RECORD,
  LOG_MESSAGE,
  INSIGHTS_ROW,
  PUT_EVENTS_REQUEST,
];

/** @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
const EVENT: Telling = {
  name: "EventBridge event",
  event: (value) => ("detail-type" in value || ("detail" in value && "source" in value) ? value : undefined),
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
const PUT_EVENTS_ENTRY: Telling = {
  name: "PutEvents entry",
  event: (value) => {
    const { Detail, DetailType, Source, Resources = [], Time } = value;
    if (typeof Detail !== "string" || typeof DetailType !== "string") return undefined;
    const detail = parseJson(Detail);
    return {
      version: "0",
      id: `put-events-${DetailType}-${String(Time)}-${Detail}`.slice(0, 128),
      "detail-type": DetailType,
      source: Source,
      account: "",
      // EventBridge takes the time at which it gets the entry.
      time:
        typeof Time === "string" ? Time : typeof Time === "number" ? timeOf(Time) : timeOf(Date.now() / 1000),
      region: "",
      resources: Resources,
      detail: detail === undefined ? Detail : detail,
    };
  },
};

/** What no date can hold is left to the function to refuse. */
const timeOf = (seconds: number): string => {
  const time = new Date(seconds * 1000);
  return Number.isNaN(time.getTime()) ? String(seconds) : time.toISOString();
};

/**
 * What the function logs about an event says enough to play it again, but for the deployment that it was of: where a later deployment
 * decides what an event means, the outcome may be another.
 */
const LOG_LINE: Telling = {
  name: "line of the function's log",
  event: (value) => {
    const eventName = textAt(value, "event") ?? textAt(value, "eventName");
    const time = textAt(value, "eventTime");
    const id = textAt(value, "eventId");
    if (eventName === undefined || time === undefined || id === undefined) return undefined;
    const serviceArn = textAt(value, "serviceArn");
    const tenantId = textAt(value, "tenantId");
    const [, , , region = "", account = ""] = serviceArn?.split(":") ?? [];
    return {
      version: "0",
      id,
      "detail-type": eventName.includes("DEPLOYMENT") ? "ECS Deployment State Change" : "ECS Service Action",
      source: "aws.ecs",
      account,
      time,
      region,
      resources: serviceArn === undefined ? [] : [serviceArn],
      detail: {
        eventType: "INFO",
        eventName,
        ...(serviceArn === undefined && tenantId !== undefined
          ? { tags: [{ key: "bbws:tenant-id", value: tenantId }] }
          : {}),
      },
    };
  },
  tenantId: (value) => textAt(value, "tenantId"),
};

const TELLINGS = [EVENT, PUT_EVENTS_ENTRY, LOG_LINE];

/** What operators would be told to bring. */
export const KNOWN_FORMS =
  "EventBridge events, dead letters (SQS messages, Lambda destination records), SNS messages, CloudWatch Logs exports, Logs Insights " +
  "results, PutEvents entries and lines of the function's log; as JSON, NDJSON or CSV, gzipped or in UTF-16";

/** Nobody wraps deeper; a value that does is no recording. */
const MAX_DEPTH = 8;

/** Finds the events in a JSON value, however they are wrapped. */
export const readRecording = (value: unknown, depth = 0): Findings => {
  if (depth > MAX_DEPTH) return NOTHING;
  if (Array.isArray(value)) return joined(value, depth);
  if (!isObject(value)) return NOTHING;
  for (const { name, event: tell, tenantId } of TELLINGS) {
    const event = tell(value);
    if (event !== undefined)
      return { events: [{ form: name, event, tenantId: tenantId?.(value) }], others: 0, isKnown: true };
  }
  for (const { name, parts: open } of WRAPPINGS) {
    const parts = open(value);
    if (parts === undefined) continue;
    const { events, others } = joined(parts.map(unquoted), depth);
    return { events: events.map((recorded) => inside(name, recorded)), others, isKnown: true };
  }
  return NOTHING;
};

const NOTHING: Findings = { events: [], others: 1, isKnown: false };

const joined = (parts: readonly unknown[], depth: number): Findings => {
  const recordings = parts.map((part) => readRecording(part, depth + 1));
  return {
    events: recordings.flatMap(({ events }) => events),
    others: recordings.reduce((sum, { others }) => sum + others, 0),
    isKnown: recordings.some(({ isKnown }) => isKnown),
  };
};

const inside = (name: string, recorded: RecordedEvent): RecordedEvent => ({
  ...recorded,
  form: `${recorded.form} in ${name}`,
});

/** A line of a log with the time before it, as `aws logs tail` prints it and exports to S3 have it; undefined for any other line. */
export const readTimedLine = (line: string): Findings | undefined => {
  if (!/^\d{4}-\d\d-\d\d[T ][\d:.,]+\S*\s/.test(line)) return undefined;
  const { events, others } = readRecording(unquoted(line));
  return { events: events.map((recorded) => inside("line with a time", recorded)), others, isKnown: true };
};

/**
 * A row of what the console downloads as CSV, by its columns: of Logs Insights, and of a log's own search.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-ExportQueryResults.html
 */
export const readCsvRow = (row: Readonly<Record<string, string>>): Findings => {
  const name = "message" in row && "timestamp" in row ? "CloudWatch Logs CSV row" : "Logs Insights CSV row";
  const { events, others } = readRecording(unquoted(row["@message"] ?? row["message"] ?? row));
  return { events: events.map((recorded) => inside(name, recorded)), others, isKnown: true };
};

/** Bodies and messages are JSON in a string. A message of a log may have a time before it. */
const unquoted = (part: unknown): unknown =>
  typeof part === "string"
    ? (parseJson(part) ?? parseJson(part.slice(Math.max(0, part.indexOf("{")))))
    : part;
