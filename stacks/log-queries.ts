import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";

/** A question to the logs, in the language of Logs Insights. */
export interface LogQuery {
  readonly title: string;
  readonly logGroupName: string;
  /** Lines of commands, each after a pipe. */
  readonly query: string;
}

/**
 * What is asked again and again, by a name for the construct. The fields are those of the handler's lines
 * (handler/event-log.ts) and of Lambda's own.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
export const savedQueries = (environment: Environment): Readonly<Record<string, LogQuery>> => {
  const { logGroupName, reconciler } = resourceNames(environment);
  const ofHandler = (title: string, ...commands: readonly string[]): LogQuery => ({
    title,
    logGroupName,
    query: commands.join("\n| "),
  });
  return {
    "tenant-history": ofHandler(
      "One tenant's history",
      `fields eventTime, event, previousStatus, tenantStatus, changed, reason, serviceArn, requestId`,
      `filter tenantId = "acme"`,
      `sort eventTime asc`,
      `limit 1000`,
    ),
    failures: ofHandler(
      "Failures",
      `fields @timestamp, message, error.name, error.message, tenantId, eventName, serviceArn, eventId, requestId`,
      `filter level = "ERROR" or record.status = "error" or record.status = "timeout"`,
      `sort @timestamp desc`,
      `limit 200`,
    ),
    ignored: ofHandler(
      "Ignored events by reason",
      `filter status = "ignored"`,
      `stats count(*) as events, latest(@timestamp) as last by reason, eventName`,
      `sort events desc`,
    ),
    slowest: ofHandler(
      "The slowest invocations",
      `filter type = "platform.report"`,
      `fields @timestamp, record.metrics.durationMs as durationMs, record.metrics.initDurationMs as initMs, record.metrics.maxMemoryUsedMB as memoryMB, record.requestId`,
      `sort durationMs desc`,
      `limit 50`,
    ),
    conflicts: ofHandler(
      "Service conflicts",
      `filter ServiceConflicts > 0`,
      `stats count(*) as events, latest(eventTime) as last by tenantId, serviceArn`,
      `sort last desc`,
    ),
    runs: {
      title: "Runs of the reconciler",
      logGroupName: reconciler.logGroupName,
      query: [
        `fields @timestamp, level, message, run.status, run.why, RowsRepaired, RowsDrifted, RepairsFailed, RunDurationMs`,
        `filter ispresent(run.status)`,
        `sort @timestamp desc`,
        `limit 100`,
      ].join("\n| "),
    },
  };
};

/** What the dashboard shows as tables. */
export const dashboardQueries = (environment: Environment): readonly LogQuery[] => {
  const { logGroupName } = resourceNames(environment);
  return [
    {
      title: "Tenants that are FAILED now, of those with an event in the time shown",
      logGroupName,
      query: [
        `filter status = "success"`,
        `stats latest(tenantStatus) as now, latest(eventTime) as since, latest(event) as because by tenantId`,
        `filter now = "FAILED"`,
        `sort since desc`,
        `limit 100`,
      ].join("\n| "),
    },
    {
      title: "The last changes",
      logGroupName,
      query: [
        `fields @timestamp, tenantId, previousStatus, tenantStatus, event`,
        `filter StatusChanges = 1`,
        `sort @timestamp desc`,
        `limit 50`,
      ].join("\n| "),
    },
  ];
};
