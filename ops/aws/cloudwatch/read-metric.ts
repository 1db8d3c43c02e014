import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import type { Metric } from "../../../stacks/metrics.ts";
import { HOUR_MS } from "../../../checklist/durations.ts";
import type { Context } from "../../context.ts";

/**
 * A metric's sum or maximum over a stretch of time; undefined when CloudWatch has no datapoint of it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
 */
export const readMetric = async (
  { aws, clock, signal }: Pick<Context, "aws" | "clock" | "signal">,
  { namespace, metricName, dimensions }: Omit<Metric, "stat">,
  stat: "Sum" | "Maximum",
  from: Date,
  to: Date,
): Promise<number | undefined> => {
  const periodSeconds = periodFor(to.getTime() - from.getTime(), clock.now().getTime() - from.getTime());
  const { Datapoints = [] } = await aws.cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: namespace,
      MetricName: metricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      Statistics: [stat],
      StartTime: from,
      EndTime: to,
      Period: periodSeconds,
    }),
    { abortSignal: signal },
  );
  const values = Datapoints.map((datapoint) => datapoint[stat] ?? 0);
  if (values.length === 0) return undefined;
  return stat === "Sum" ? values.reduce((sum, value) => sum + value, 0) : Math.max(...values);
};

/** As many datapoints as CloudWatch returns at once. */
const MAX_DATAPOINTS = 1440;

/**
 * Days for which CloudWatch keeps datapoints: older ones are gone.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
 */
export const KEPT_DAYS = 455;

const DAY_MS = 24 * HOUR_MS;

/** The finest that CloudWatch has of Lambda, and the coarser ones that it keeps for longer. */
const PERIODS = [
  { seconds: 60, keptMs: 15 * DAY_MS },
  { seconds: 300, keptMs: 63 * DAY_MS },
  { seconds: 3600, keptMs: KEPT_DAYS * DAY_MS },
] as const;

const periodFor = (stretchMs: number, ageMs: number): number =>
  PERIODS.find(({ seconds, keptMs }) => ageMs <= keptMs && stretchMs / 1000 / seconds <= MAX_DATAPOINTS)
    ?.seconds ?? DAY_MS / 1000;

/** The finest period, in milliseconds, that CloudWatch still has of what began so long ago. */
export const finestKeptPeriodMs = (ageMs: number): number =>
  (PERIODS.find(({ keptMs }) => ageMs <= keptMs)?.seconds ?? DAY_MS / 1000) * 1000;
