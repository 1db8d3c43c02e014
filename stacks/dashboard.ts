import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { type Metric, metrics } from "./metrics.ts";

/** One page that answers "is it well?": the alarms, then what comes in, what becomes of it, and what is left behind. */
export const addDashboard = (
  stack: TerraformStack,
  environment: Environment,
  alarms: readonly CloudwatchMetricAlarm[],
): void => {
  const { region, alarms: thresholds } = environment;
  const m = metrics(environment);

  const graph = (title: string, shown: readonly Metric[], threshold?: number): object => ({
    type: "metric",
    width: 8,
    height: 6,
    properties: {
      title,
      region,
      view: "timeSeries",
      period: 300,
      metrics: shown.map(({ namespace, metricName, dimensions, stat }) => [
        namespace,
        metricName,
        ...Object.entries(dimensions).flat(),
        { stat },
      ]),
      annotations:
        threshold === undefined ? undefined : { horizontal: [{ label: "alarm above", value: threshold }] },
    },
  });

  new CloudwatchDashboard(stack, "dashboard", {
    dashboardName: resourceNames(environment).dashboardName,
    dashboardBody: JSON.stringify({
      widgets: [
        {
          type: "alarm",
          width: 24,
          height: 3,
          properties: { title: "Alarms", alarms: alarms.map(({ arn }) => arn) },
        },
        graph("Events from ECS", [...m.matchedEvents, m.invocations]),
        graph("What became of them", [m.eventsProcessed, m.eventsIgnored, m.statusChanges]),
        graph("How late (ms)", [m.eventLag, m.eventAge], thresholds.eventAgeSeconds * 1000),
        graph("Errors and throttles", [m.errors, m.throttles]),
        graph("Dead letters", [m.deadLetters], thresholds.deadLetterMessages),
        graph("Events lost", [m.destinationFailures, ...m.parkingFailures], 0),
        graph("Duration (ms)", [m.duration]),
      ],
    }),
  });
};

/** Where people look at it. */
export const dashboardUrl = (environment: Environment): string =>
  `https://${environment.region}.console.aws.amazon.com/cloudwatch/home?region=${environment.region}` +
  `#dashboards:name=${resourceNames(environment).dashboardName}`;
