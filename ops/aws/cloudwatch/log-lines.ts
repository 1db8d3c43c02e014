import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { Context } from "../../context.ts";

/** A line of the handler's log, or Lambda's own line of an invocation that failed. */
export interface HandlerLogLine {
  readonly time: string;
  readonly level: string;
  readonly tenantId: string | undefined;
  readonly serviceArn: string | undefined;
  /** The canonical event, else the name that ECS sent. */
  readonly event: string | undefined;
  readonly eventId: string | undefined;
  readonly requestId: string | undefined;
  /** How it ended: `success`, `ignored`, `failed`. */
  readonly status: string | undefined;
  readonly reason: string | undefined;
  /** For people: the change, why it was ignored, what failed. */
  readonly text: string;
  /** As it was logged. */
  readonly record: object;
}

export interface LogWindow {
  readonly from: Date;
  readonly to: Date;
  /** Narrows down what CloudWatch sends; what it lets through is not all meant. */
  readonly filterPattern?: string | undefined;
}

/** The lines of a stretch of time, in the order in which CloudWatch has them; what is none of ours is left out. */
export async function* readLogLines(
  { aws, names, signal }: Pick<Context, "aws" | "names" | "signal">,
  { from, to, filterPattern }: LogWindow,
): AsyncGenerator<HandlerLogLine> {
  for await (const { events = [] } of paginateFilterLogEvents(
    { client: aws.cloudWatchLogs },
    {
      logGroupName: names.logGroupName,
      startTime: from.getTime(),
      endTime: to.getTime(),
      filterPattern,
    },
    { abortSignal: signal },
  ))
    for (const { message = "" } of events) {
      const line = parseLogLine(message);
      if (line !== undefined) yield line;
    }
}

/** Undefined for what no handler wrote. Pure and total: a log may hold anything. */
const parseLogLine = (text: string): HandlerLogLine | undefined => {
  const record = asObject(parse(text));
  if (typeof record["message"] === "string") return ownLine(record, record["message"]);
  const { time, type, record: told } = record;
  const { requestId, status, errorType } = asObject(told);
  if (type !== "platform.runtimeDone" || typeof status !== "string" || status === "success") return undefined;
  return {
    time: textOf(time) ?? "",
    level: "ERROR",
    tenantId: undefined,
    serviceArn: undefined,
    event: undefined,
    eventId: undefined,
    requestId: textOf(requestId),
    status: "failed",
    reason: status,
    text: ["Lambda ended the invocation", status, textOf(errorType)].filter(Boolean).join(": "),
    record,
  };
};

const ownLine = (record: LogRecord, message: string): HandlerLogLine => {
  const error = textOf(asObject(record["error"])["message"]);
  return {
    time: textOf(record["timestamp"]) ?? "",
    level: textOf(record["level"]) ?? "",
    tenantId: textOf(record["tenantId"]),
    serviceArn: textOf(record["serviceArn"]),
    event: textOf(record["event"]) ?? textOf(record["eventName"]),
    eventId: textOf(record["eventId"]),
    requestId: textOf(record["requestId"]),
    status: textOf(record["status"]),
    reason: textOf(record["reason"]),
    text: error === undefined ? message : `${message}: ${error}`,
    record,
  };
};

type LogRecord = Readonly<Partial<Record<string, unknown>>>;

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const asObject = (value: unknown): LogRecord =>
  typeof value === "object" && value !== null ? { ...value } : {};

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** A pattern for the lines of a tenant, or of its services; undefined where its id cannot be put into one. */
export const patternOfTenant = (tenantId: string): string | undefined =>
  /^[\w.-]+$/.test(tenantId)
    ? `{ ($.tenantId = "${tenantId}") || ($.serviceArn = "*${tenantId}*") }`
    : undefined;
