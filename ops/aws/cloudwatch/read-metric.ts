import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import type { Metric } from "../../../stacks/metrics.ts";
import type { Context } from "../../context.ts";

/**
 * A metric's sum or maximum over a stretch of time; undefined when CloudWatch has no datapoint of it.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
 */
export const readMetric = async (
  { aws, signal }: Pick<Context, "aws" | "signal">,
  { namespace, metricName, dimensions }: Omit<Metric, "stat">,
  stat: "Sum" | "Maximum",
  from: Date,
  to: Date,
): Promise<number | undefined> => {
  const periodSeconds = periodFor(to.getTime() - from.getTime());
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

/** Seconds: the finest that CloudWatch has of Lambda, and the coarser ones that it keeps for longer. */
const PERIODS = [60, 300, 3600] as const;

const periodFor = (milliseconds: number): number =>
  PERIODS.find((period) => milliseconds / 1000 / period <= MAX_DATAPOINTS) ?? PERIODS[2];
