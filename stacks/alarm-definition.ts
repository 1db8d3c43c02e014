import type {
  CloudwatchMetricAlarmConfig,
  CloudwatchMetricAlarmMetricQuery,
} from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { Metric } from "./metrics.ts";

/** An alarm but for what all have in common. */
export type AlarmProps = Pick<CloudwatchMetricAlarmConfig, "alarmName" | "alarmDescription" | "threshold"> &
  Omit<Partial<CloudwatchMetricAlarmConfig>, "metricQuery"> & {
    readonly metricQuery?: CloudwatchMetricAlarmMetricQuery[];
  };

export type AlarmDefinition = AlarmProps &
  Required<
    Pick<CloudwatchMetricAlarmConfig, "comparisonOperator" | "evaluationPeriods" | "treatMissingData">
  >;

/** What most have in common. */
export const ALARM_DEFAULTS = {
  comparisonOperator: "GreaterThanThreshold",
  evaluationPeriods: 1,
  // No datapoint means that nothing happened.
  treatMissingData: "notBreaching",
} as const;

/**
 * An alarm on what comes of several metrics; a metric without a datapoint counts as 0, as it would else leave the whole without one.
 * @param combine makes an expression of those of the metrics.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export const combined = (
  label: string,
  periodSeconds: number,
  summands: readonly Metric[],
  combine: (filled: readonly string[]) => string,
): CloudwatchMetricAlarmMetricQuery[] => {
  const queries = summands.map(({ namespace, metricName, dimensions, stat }, index) => ({
    id: `m${index + 1}`,
    metric: { namespace, metricName, dimensions: { ...dimensions }, stat, period: periodSeconds },
  }));
  return [
    {
      id: "total",
      label,
      expression: combine(queries.map(({ id }) => `FILL(${id}, 0)`)),
      returnData: true,
    },
    ...queries,
  ];
};
