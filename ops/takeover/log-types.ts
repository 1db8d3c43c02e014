import { paginateDescribeLogGroups, DescribeQueryDefinitionsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeAlarmsCommand, GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import { ifFound, type ResourceType, textOf } from "./resource-type.ts";

export const logGroup: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const name = textOf(config, "name");
    for await (const { logGroups = [] } of paginateDescribeLogGroups(
      { client: aws.cloudWatchLogs },
      { logGroupNamePrefix: name },
      { abortSignal: signal },
    ))
      if (logGroups.some(({ logGroupName }) => logGroupName === name)) return name;
    return undefined;
  },
};

/** Names of saved queries are not unique; the first is as good as another. */
export const savedQuery: ResourceType = {
  find: async ({ aws, environment: { region, accountId }, signal }, config) => {
    const name = textOf(config, "name");
    const { queryDefinitions = [] } = await aws.cloudWatchLogs.send(
      new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: name }),
      { abortSignal: signal },
    );
    const found = queryDefinitions.find((definition) => definition.name === name);
    return found === undefined
      ? undefined
      : `arn:aws:logs:${region}:${accountId}:query-definition:${found.queryDefinitionId ?? ""}`;
  },
};

export const alarm: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const name = textOf(config, "alarm_name");
    const { MetricAlarms = [] } = await aws.cloudWatch.send(
      new DescribeAlarmsCommand({ AlarmNames: [name] }),
      { abortSignal: signal },
    );
    return MetricAlarms.some(({ AlarmName }) => AlarmName === name) ? name : undefined;
  },
};

export const dashboard: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const DashboardName = textOf(config, "dashboard_name");
    const found = await ifFound(() =>
      aws.cloudWatch.send(new GetDashboardCommand({ DashboardName }), { abortSignal: signal }),
    );
    return found === undefined ? undefined : DashboardName;
  },
};
