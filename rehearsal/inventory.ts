import { DescribeAlarmsCommand, ListDashboardsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeLogGroupsCommand, DescribeQueryDefinitionsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { ListServicesCommand } from "@aws-sdk/client-ecs";
import { ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import { readRows } from "./tenants.ts";
import type { Place } from "./context.ts";

/** All that is in an account, as one text: equal texts, equal accounts. */
export const takeInventory = async (place: Place): Promise<string> => {
  const { aws } = place.account;
  const { Buckets = [] } = await aws.s3.send(new ListBucketsCommand({}));
  const objects = await Promise.all(
    Buckets.map(async ({ Name = "" }) => {
      const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket: Name }));
      return [Name, Contents.map(({ Key, ETag }) => [Key, ETag])];
    }),
  );
  return JSON.stringify({
    deployed: await listDeployed(place),
    buckets: objects,
    services: (await aws.ecs.send(new ListServicesCommand({ cluster: place.environment.cluster })))
      .serviceArns,
    rows: [...(await readRows(place)).values()],
  });
};

/** What of the stack's resources there is. */
export const listDeployed = async ({ account: { aws }, environment }: Place): Promise<readonly string[]> => {
  const { Functions = [] } = await aws.lambda.send(new ListFunctionsCommand({}));
  const { Rules = [] } = await aws.eventBridge.send(new ListRulesCommand({}));
  const { QueueUrls = [] } = await aws.sqs.send(new ListQueuesCommand({}));
  const { MetricAlarms = [] } = await aws.cloudWatch.send(new DescribeAlarmsCommand({}));
  const { DashboardEntries = [] } = await aws.cloudWatch.send(new ListDashboardsCommand({}));
  const { logGroups = [] } = await aws.cloudWatchLogs.send(new DescribeLogGroupsCommand({}));
  const { queryDefinitions = [] } = await aws.cloudWatchLogs.send(new DescribeQueryDefinitionsCommand({}));
  const { Schedules = [] } = await aws.scheduler.send(new ListSchedulesCommand({}));
  const { TableNames = [] } = await aws.dynamoDb.send(new ListTablesCommand({}));
  return [
    ...TableNames.filter((name) => name !== environment.tenants.table),
    ...Functions.map(({ FunctionArn, CodeSha256 }) => `${FunctionArn ?? ""} ${CodeSha256 ?? ""}`),
    ...Rules.map(({ Arn = "" }) => Arn),
    ...QueueUrls,
    ...MetricAlarms.map(({ AlarmArn = "" }) => AlarmArn),
    ...DashboardEntries.map(({ DashboardArn = "" }) => DashboardArn),
    ...logGroups.map(({ logGroupArn = "" }) => logGroupArn),
    ...queryDefinitions.map(({ name = "" }) => name),
    ...Schedules.map(({ Arn = "" }) => Arn),
  ];
};
