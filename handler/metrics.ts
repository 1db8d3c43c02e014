import type { Answer } from "./answer.ts";
import type { Notes } from "./event-notes.ts";

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
  noted: Notes["counts"],
): MetricProperties => {
  const counts = {
    ...(answer.status === "ignored"
      ? { EventsIgnored: 1 }
      : { EventsProcessed: 1, ...(answer.changed ? { StatusChanges: 1 } : {}) }),
    ...noted,
  };
  return {
    Environment: environment,
    ...(answer.status === "ignored" ? { Reason: answer.reason } : { Status: answer.tenantStatus }),
    ...counts,
    EventLagMs: lagMs,
    ...embedded(timestampMs, [...countMetrics(counts), { Name: "EventLagMs", Unit: "Milliseconds" }]),
  };
};

/** The metrics of an event that failed: only what happened beside it. Lambda counts the failure itself. */
export const notedProperties = (
  noted: Notes["counts"],
  environment: string,
  timestampMs: number,
): MetricProperties => ({
  Environment: environment,
  ...noted,
  ...embedded(timestampMs, countMetrics(noted)),
});

interface MetricDefinition {
  readonly Name: string;
  readonly Unit: "Count" | "Milliseconds";
}

const countMetrics = (counts: object): MetricDefinition[] =>
  Object.keys(counts).map((Name) => ({ Name, Unit: "Count" }));

const embedded = (Timestamp: number, Metrics: readonly MetricDefinition[]): MetricProperties => ({
  _aws: { Timestamp, CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [["Environment"]], Metrics }] },
});
