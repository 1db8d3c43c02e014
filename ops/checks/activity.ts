import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { metrics } from "../../stacks/metrics.ts";
import { readMetric } from "../aws/cloudwatch/read-metric.ts";
import { TEST_TENANT_PREFIX } from "../aws/lambda/test-event.ts";
import type { Context } from "../context.ts";
import { MINUTE_MS } from "../../checklist/durations.ts";
import { parseJson, propertiesOf } from "../../checklist/parse-json.ts";

/** What the function has done and suffered since a moment. */
export interface Activity {
  /** Of all kinds, the system's own test invocations among them. */
  readonly invocations: number;
  readonly errors: number;
  readonly throttles: number;
  /** Those that ECS sent: test invocations, replays and repairs are not among them. */
  readonly events: number;
}

type ActivityContext = Pick<Context, "aws" | "names" | "environment" | "clock" | "signal">;

/**
 * Counts exactly what has happened since a moment. CloudWatch counts by whole minutes, and in the minute of a release the
 * version before may have failed; so that minute is counted by the log, whose lines have a time of their own. (Throttles
 * have no lines: those of that minute are left out.)
 */
export const readActivity = async (context: ActivityContext, since: Date): Promise<Activity> => {
  const firstWholeMinute = new Date(Math.ceil(since.getTime() / MINUTE_MS) * MINUTE_MS);
  const logged =
    firstWholeMinute.getTime() === since.getTime()
      ? NOTHING
      : await readLoggedActivity(context, since, firstWholeMinute);
  // The minute that runs counts too.
  const to = new Date(context.clock.now().getTime() + MINUTE_MS);
  if (to <= firstWholeMinute) return logged;
  const counted = await readCountedActivity(context, firstWholeMinute, to);
  return {
    invocations: logged.invocations + counted.invocations,
    errors: logged.errors + counted.errors,
    throttles: counted.throttles,
    events: logged.events + counted.events,
  };
};

const NOTHING: Activity = { invocations: 0, errors: 0, throttles: 0, events: 0 };

/** No datapoint yet means that nothing has happened. */
const readCountedActivity = async (context: ActivityContext, from: Date, to: Date): Promise<Activity> => {
  const { invocations, errors, throttles, receivedEvents } = metrics(context.environment);
  const count = async (metric: typeof invocations): Promise<number> =>
    (await readMetric(context, metric, "Sum", from, to)) ?? 0;
  return {
    invocations: await count(invocations),
    errors: await count(errors),
    throttles: await count(throttles),
    events: await count(receivedEvents),
  };
};

const readLoggedActivity = async (
  { aws, names, signal }: ActivityContext,
  from: Date,
  to: Date,
): Promise<Activity> => {
  const lines: string[] = [];
  for await (const { events = [] } of paginateFilterLogEvents(
    { client: aws.cloudWatchLogs },
    { logGroupName: names.logGroupName, startTime: from.getTime(), endTime: to.getTime() - 1 },
    { abortSignal: signal },
  ))
    lines.push(...events.map(({ message = "" }) => message));
  return activityOfLog(lines);
};

/**
 * What the lines of a log tell, by their request ids: Lambda's own lines say how an invocation ended, the handler's what
 * it was about. Pure.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html
 */
export const activityOfLog = (lines: readonly string[]): Activity => {
  const all = new Set<string>();
  const failed = new Set<string>();
  const own = new Set<string>();
  for (const line of lines) {
    const { requestId, status } = readLine(line);
    if (requestId === undefined) continue;
    all.add(requestId);
    if (status !== undefined && status !== "success") failed.add(requestId);
    if (line.includes(TEST_TENANT_PREFIX)) own.add(requestId);
  }
  return { invocations: all.size, errors: failed.size, throttles: 0, events: all.size - own.size };
};

interface FunctionLogLine {
  readonly requestId: string | undefined;
  /** How the invocation ended, in a line of Lambda's own. */
  readonly status: string | undefined;
}

const readLine = (line: string): FunctionLogLine => {
  const { requestId, record } = propertiesOf(parseJson(line));
  const { requestId: ofRecord, status } = propertiesOf(record);
  return { requestId: asText(ofRecord) ?? asText(requestId), status: asText(status) };
};

const asText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
