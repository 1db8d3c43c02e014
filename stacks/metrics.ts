import type { CloudwatchMetricAlarmConfig } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";

/** A metric of CloudWatch and the statistic of it that matters. */
export interface Metric {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly stat: "Sum" | "Maximum" | "p99";
}

/** Every metric that the alarms and the dashboard look at. */
export interface Metrics {
  readonly invocations: Metric;
  /** Events that Lambda has taken from EventBridge. What is invoked directly, as by the operator's tools, is not among them. */
  readonly receivedEvents: Metric;
  readonly errors: Metric;
  /** Of the scheduled reconciler. */
  readonly reconcilerErrors: Metric;
  readonly throttles: Metric;
  readonly duration: Metric;
  /** Milliseconds from Lambda's accepting an event until it hands it to the function. */
  readonly eventAge: Metric;
  readonly deadLetters: Metric;
  /** Failed events that Lambda could not park. */
  readonly destinationFailures: Metric;
  /** Undelivered events that EventBridge could not park, by rule. */
  readonly parkingFailures: readonly Metric[];
  /** Events that each rule let through. */
  readonly matchedEvents: readonly Metric[];
  readonly eventsProcessed: Metric;
  readonly eventsIgnored: Metric;
  readonly statusChanges: Metric;
  /** Milliseconds from the event's time until it was processed. */
  readonly eventLag: Metric;
  /** The same of the one that took longest. */
  readonly longestEventLag: Metric;
  /** Milliseconds from EventBridge's taking an event until it first invokes the target, by rule. */
  readonly deliveryDelays: readonly Metric[];
}

export const metrics = (environment: Environment): Metrics => {
  const { functionName, deadLetterQueueName, ruleNames, reconciler } = resourceNames(environment);
  const ofFunction = (
    metricName: string,
    stat: Metric["stat"],
    FunctionName: string = functionName,
  ): Metric => ({
    namespace: "AWS/Lambda",
    metricName,
    dimensions: { FunctionName },
    stat,
  });
  const ofRules = (metricName: string): Metric[] =>
    [ruleNames.serviceAction, ruleNames.deploymentStateChange].map((RuleName) => ({
      namespace: "AWS/Events",
      metricName,
      dimensions: { RuleName },
      stat: "Sum",
    }));
  const deliveryDelays = DELIVERY_DELAY_NAMES.flatMap(ofRules).flatMap((metric): Metric[] => [
    { ...metric, stat: "Maximum" },
    { ...metric, stat: "Maximum", dimensions: { EventBusName: "default", ...metric.dimensions } },
  ]);
  /** Written by the handler (handler/metrics.ts). */
  const ofHandler = (metricName: string, stat: Metric["stat"]): Metric => ({
    namespace: "BBWS/EcsEventHandler",
    metricName,
    dimensions: { Environment: environment.environment },
    stat,
  });
  return {
    invocations: ofFunction("Invocations", "Sum"),
    receivedEvents: ofFunction("AsyncEventsReceived", "Sum"),
    errors: ofFunction("Errors", "Sum"),
    reconcilerErrors: ofFunction("Errors", "Sum", reconciler.functionName),
    throttles: ofFunction("Throttles", "Sum"),
    duration: ofFunction("Duration", "p99"),
    eventAge: ofFunction("AsyncEventAge", "Maximum"),
    destinationFailures: ofFunction("DestinationDeliveryFailures", "Sum"),
    deadLetters: {
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: deadLetterQueueName },
      stat: "Maximum",
    },
    parkingFailures: ofRules("InvocationsFailedToBeSentToDlq"),
    matchedEvents: ofRules("MatchedEvents"),
    eventsProcessed: ofHandler("EventsProcessed", "Sum"),
    eventsIgnored: ofHandler("EventsIgnored", "Sum"),
    statusChanges: ofHandler("StatusChanges", "Sum"),
    eventLag: ofHandler("EventLagMs", "p99"),
    longestEventLag: ofHandler("EventLagMs", "Maximum"),
    deliveryDelays,
  };
};

/**
 * AWS's pages disagree on how the metric is spelled, and by which dimensions it is told: all are asked for, as where there is no
 * such metric there is no datapoint (docs/decisions/0014).
 */
const DELIVERY_DELAY_NAMES = ["IngestiontoInvocationStartLatency", "IngestionToInvocationStartLatency"];

/** A metric as an alarm watches it. */
export const single = (
  { namespace, metricName, dimensions, stat }: Metric,
  periodSeconds: number,
): Pick<CloudwatchMetricAlarmConfig, "namespace" | "metricName" | "dimensions" | "statistic" | "period"> => ({
  namespace,
  metricName,
  dimensions: { ...dimensions },
  statistic: stat,
  period: periodSeconds,
});
