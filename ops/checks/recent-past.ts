import { type Metric, metrics } from "../../stacks/metrics.ts";
import { type Check, judge } from "../../checklist/check.ts";
import { listAlarms } from "../aws/cloudwatch/alarms.ts";
import { readMetric } from "../aws/cloudwatch/read-metric.ts";
import type { Context } from "../context.ts";
import { readQueueDepth } from "../aws/sqs/queue-depth.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";
import { lazy } from "../../checklist/lazy.ts";

export const noErrors = (context: Context): Check =>
  noneInTheLastHour(context, metrics(context.environment).errors);

export const noThrottles = (context: Context): Check =>
  noneInTheLastHour(context, metrics(context.environment).throttles);

/** No event waits for someone to look at it. */
export const deadLetterQueueIsEmpty = (context: Context): Check => ({
  title: "Dead-letter queue",
  run: async () => {
    const { aws, signal } = context;
    const { waiting, inFlight } = await readQueueDepth(aws.sqs, await findQueueUrl(context), signal);
    return judge(
      waiting + inFlight === 0,
      `${waiting} messages${inFlight === 0 ? "" : ` and ${inFlight} in flight`}`,
      "0 messages",
    );
  },
});

/** Each alarm is there, and none is on. */
export const alarmChecks = (context: Context): readonly Check[] => {
  const alarms = lazy(() => listAlarms(context));
  return [
    {
      title: "Alarms",
      run: async () => {
        const found = (await alarms()).map(({ name }) => name);
        const expected = Object.values(context.names.alarmNames);
        const missing = expected.filter((name) => !found.includes(name));
        return judge(
          missing.length === 0,
          missing.length === 0 ? `all ${expected.length}` : `${missing.join(", ")} missing`,
          `all ${expected.length}`,
        );
      },
    },
    {
      title: "Alarms in state ALARM",
      run: async () => {
        const on = (await alarms()).filter(({ state }) => state === "ALARM");
        return judge(on.length === 0, on.map(({ name }) => name).join(", ") || "none", "none");
      },
    },
  ];
};

const HOUR_MS = 60 * 60 * 1000;

const noneInTheLastHour = (context: Context, metric: Metric): Check => ({
  title: `${metric.metricName} in the last hour`,
  run: async () => {
    const now = context.clock.now();
    const count = await readMetric(context, metric, "Sum", new Date(now.getTime() - HOUR_MS), now);
    return judge((count ?? 0) === 0, count === undefined ? "0 (no datapoint)" : String(count), "0");
  },
});
