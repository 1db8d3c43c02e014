import { type Datapoint, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import type { Metric } from "../../../stacks/metrics.ts";
import type { Context } from "../../context.ts";
import { MINUTE_MS } from "../../../checklist/durations.ts";
import { finestKeptPeriodMs } from "./read-metric.ts";

/** A metric over time: a value for each stretch; undefined where CloudWatch has no datapoint. */
export interface Series {
  readonly stretchMs: number;
  readonly values: readonly (number | undefined)[];
}

/** How many values there are at most: a sparkline of them fits a narrow terminal. */
const MOST_VALUES = 30;

/**
 * A metric's values over the last so many milliseconds, in stretches of whole minutes, of which the last ends in the future.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
 */
export const readSeries = async (
  { aws, clock, signal }: Pick<Context, "aws" | "clock" | "signal">,
  { namespace, metricName, dimensions, stat }: Metric,
  lastMs: number,
): Promise<Series> => {
  const stretchMs = Math.max(
    finestKeptPeriodMs(lastMs),
    Math.ceil(lastMs / MOST_VALUES / MINUTE_MS) * MINUTE_MS,
  );
  const count = Math.ceil(lastMs / stretchMs);
  // CloudWatch counts from the beginning of a stretch.
  const end = Math.ceil((clock.now().getTime() + 1) / MINUTE_MS) * MINUTE_MS;
  const start = end - count * stretchMs;
  const { Datapoints = [] } = await aws.cloudWatch.send(
    new GetMetricStatisticsCommand({
      Namespace: namespace,
      MetricName: metricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      ...(stat === "p99" ? { ExtendedStatistics: [stat] } : { Statistics: [stat] }),
      StartTime: new Date(start),
      EndTime: new Date(end),
      Period: stretchMs / 1000,
    }),
    { abortSignal: signal },
  );
  const values = new Map(
    Datapoints.map((point) => [
      Math.floor(((point.Timestamp?.getTime() ?? start) - start) / stretchMs),
      valueOf(point, stat),
    ]),
  );
  return { stretchMs, values: Array.from({ length: count }, (_, index) => values.get(index)) };
};

const valueOf = (point: Datapoint, stat: Metric["stat"]): number | undefined =>
  stat === "p99" ? point.ExtendedStatistics?.[stat] : point[stat];
