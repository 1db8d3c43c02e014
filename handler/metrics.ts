import type { Answer } from "./answer.ts";

const NAMESPACE = "BBWS/EcsEventHandler";

/** The properties that make a log line a CloudWatch metric record too. */
export type MetricProperties = Readonly<Record<string, unknown>>;

/**
 * The metrics of a processed event in the embedded metric format, to be written as part of its log line. Their only
 * dimension is Environment; `Reason` and `Status` are properties, for Logs Insights, for each dimension value would
 * be a metric to pay for.
 * @param lagMs milliseconds from the event's time until it was processed.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const metricProperties = (
  answer: Answer,
  environment: string,
  timestampMs: number,
  lagMs: number,
): MetricProperties => {
  const counts =
    answer.status === "ignored"
      ? { EventsIgnored: 1 }
      : { EventsProcessed: 1, ...(answer.changed ? { StatusChanges: 1 } : {}) };
  const metrics = [
    ...Object.keys(counts).map((Name) => ({ Name, Unit: "Count" })),
    { Name: "EventLagMs", Unit: "Milliseconds" },
  ];
  return {
    Environment: environment,
    ...(answer.status === "ignored" ? { Reason: answer.reason } : { Status: answer.tenantStatus }),
    ...counts,
    EventLagMs: lagMs,
    _aws: {
      Timestamp: timestampMs,
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [["Environment"]], Metrics: metrics }],
    },
  };
};
