import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import type { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { FLEET_NAMESPACE, fleetMetrics } from "./fleet-metrics.ts";
import { dashboardQueries, type LogQuery } from "./log-queries.ts";
import { type Metric, metrics } from "./metrics.ts";

/**
 * One page that answers "is it well?": the alarms, how the tenants are, what comes in, what becomes of it, what is left
 * behind, and whether the table heals itself.
 */
export const addDashboard = (
  stack: TerraformStack,
  environment: Environment,
  alarms: readonly CloudwatchMetricAlarm[],
): void => {
  const { region, alarms: thresholds, reconciler } = environment;
  const m = metrics(environment);
  const fleet = fleetMetrics(environment);
  const interval = reconciler.everyMinutes * 60;

  const graph = (
    title: string,
    shown: readonly Metric[],
    { threshold, period = 300 }: Graph = {},
  ): object => ({
    type: "metric",
    width: 8,
    height: 6,
    properties: {
      title,
      region,
      view: "timeSeries",
      period,
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
  const table = ({ title, logGroupName, query }: LogQuery): object => ({
    type: "log",
    width: 12,
    height: 8,
    properties: { title, region, view: "table", query: `SOURCE '${logGroupName}' | ${query}` },
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
        {
          type: "metric",
          width: 16,
          height: 8,
          properties: {
            title: "Tenants by status",
            region,
            view: "timeSeries",
            stacked: true,
            period: interval,
            // By a search: other services set statuses of their own.
            metrics: [[{ expression: tenantsByStatus(environment.environment, interval), label: "" }]],
          },
        },
        graph("Tenants that are FAILED", [fleet.failedTenants], {
          threshold: thresholds.failedTenants,
          period: interval,
        }),
        graph("Repaired by the reconciler", [fleet.rowsRepaired, fleet.rowsDrifted, fleet.repairsFailed], {
          period: interval,
        }),
        ...dashboardQueries(environment).map(table),
        graph("Events from ECS", [...m.matchedEvents, m.receivedEvents, m.invocations]),
        graph("What became of them", [m.eventsProcessed, m.eventsIgnored, m.statusChanges]),
        graph(
          "Lag: how late events are processed (ms)",
          [m.eventLag, m.longestEventLag, m.eventAge, ...m.deliveryDelays],
          {
            threshold: thresholds.eventAgeSeconds * 1000,
          },
        ),
        graph("Errors and throttles", [m.errors, m.throttles]),
        graph("Dead letters", [m.deadLetters], { threshold: thresholds.deadLetterMessages }),
        graph("Events lost", [m.destinationFailures, ...m.parkingFailures], { threshold: 0 }),
        graph("Duration (ms)", [m.duration]),
        graph(
          "Runs of the reconciler",
          [
            fleet.runsCompleted,
            fleet.runsUnfinished,
            fleet.runsSteppedAside,
            fleet.fuseBlown,
            m.reconcilerErrors,
          ],
          { period: interval },
        ),
        graph("Lag: how long a run of the reconciler takes (ms)", [fleet.runDuration], { period: interval }),
        graph(
          "What does not match",
          [
            fleet.tenantServices,
            fleet.servicesWithoutTenant,
            fleet.tenantsWithoutService,
            fleet.servicesContested,
            fleet.rowsMalformed,
            fleet.rowsAhead,
          ],
          { period: interval },
        ),
      ],
    }),
  });
};

interface Graph {
  readonly threshold?: number;
  /** Seconds. */
  readonly period?: number;
}

/** @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
const tenantsByStatus = (environment: string, periodSeconds: number): string =>
  `SEARCH('{${FLEET_NAMESPACE},Environment,Status} MetricName="Tenants" Environment="${environment}"', 'Maximum', ${periodSeconds})`;

/** Where people look at it. */
export const dashboardUrl = (environment: Environment): string =>
  `https://${environment.region}.console.aws.amazon.com/cloudwatch/home?region=${environment.region}` +
  `#dashboards:name=${resourceNames(environment).dashboardName}`;
