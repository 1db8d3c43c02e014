import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { Context } from "../../context.ts";
import { parseJson, propertiesOf } from "../../../checklist/parse-json.ts";

/** A line of the handler's log, or Lambda's own line of an invocation that failed. */
export interface HandlerLogLine {
  readonly time: string;
  readonly level: string;
  readonly tenantId: string | undefined;
  readonly serviceArn: string | undefined;
  /** The canonical event, else the name that ECS sent. */
  readonly event: string | undefined;
  readonly eventId: string | undefined;
  /** Who sent the event, where that was not ECS. */
  readonly source: string | undefined;
  readonly requestId: string | undefined;
  /** How it ended: `success`, `ignored`, `failed`. */
  readonly status: string | undefined;
  readonly reason: string | undefined;
  /** For people: the change, why it was ignored, what failed. */
  readonly text: string;
  /** As it was logged. */
  readonly record: LogRecord;
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
export const parseLogLine = (text: string): HandlerLogLine | undefined => {
  const record = propertiesOf(parseJson(text));
  if (typeof record["message"] === "string") return ownLine(record, record["message"]);
  const { time, type, record: told } = record;
  const { requestId, status, errorType } = propertiesOf(told);
  if (type !== "platform.runtimeDone" || typeof status !== "string" || status === "success") return undefined;
  return {
    time: textOf(time) ?? "",
    level: "ERROR",
    tenantId: undefined,
    serviceArn: undefined,
    event: undefined,
    eventId: undefined,
    source: undefined,
    requestId: textOf(requestId),
    status: "failed",
    reason: status,
    text: ["Lambda ended the invocation", status, textOf(errorType)].filter(Boolean).join(": "),
    record,
  };
};

const ownLine = (record: LogRecord, message: string): HandlerLogLine => {
  const error = textOf(propertiesOf(record["error"])["message"]);
  return {
    time: textOf(record["timestamp"]) ?? "",
    level: textOf(record["level"]) ?? "",
    tenantId: textOf(record["tenantId"]),
    serviceArn: textOf(record["serviceArn"]),
    event: textOf(record["event"]) ?? textOf(record["eventName"]),
    eventId: textOf(record["eventId"]),
    source: textOf(record["source"]),
    requestId: textOf(record["requestId"]),
    status: textOf(record["status"]),
    reason: textOf(record["reason"]),
    text: error === undefined ? message : `${message}: ${error}`,
    record,
  };
};

/** As it was logged: it may hold anything. */
export type LogRecord = Readonly<Partial<Record<string, unknown>>>;

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/**
 * A pattern for the lines of a tenant, or of its services, that have a status; undefined for all lines, also where its id
 * cannot be put into one. Lambda's own line of an invocation that ended badly has another form, and knows no tenant.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export const patternOf = ({ tenantId, status, changes }: LogSubject): string | undefined => {
  const ofTenant =
    tenantId !== undefined && /^[\w.-]+$/.test(tenantId)
      ? `(($.tenantId = "${tenantId}") || ($.serviceArn = "*${tenantId}*"))`
      : undefined;
  const ofStatus = status === undefined ? undefined : `(${STATUS_PATTERNS[status]})`;
  const ofChanges = changes === true ? "$.StatusChanges = 1" : undefined;
  const conditions = [ofTenant, ofStatus, ofChanges].filter((one) => one !== undefined);
  return conditions.length === 0 ? undefined : `{ ${conditions.join(" && ")} }`;
};

export interface LogSubject {
  readonly tenantId?: string | undefined;
  readonly status?: LogStatus | undefined;
  /** Only changes of a tenant's status. */
  readonly changes?: true | undefined;
}

export const LOG_STATUSES = ["failed", "ignored", "success"] as const;
export type LogStatus = (typeof LOG_STATUSES)[number];

const STATUS_PATTERNS: Readonly<Record<LogStatus, string>> = {
  failed:
    '($.status = "failed") || ($.record.status = "failure") || ($.record.status = "error") || ($.record.status = "timeout")',
  ignored: '$.status = "ignored"',
  success: '$.status = "success"',
};
