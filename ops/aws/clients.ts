import { CloudFormationClient } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECSClient } from "@aws-sdk/client-ecs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { STSClient } from "@aws-sdk/client-sts";

import { rememberFailedRequests } from "./failed-request.ts";
import { refusePages } from "./refuse-pages.ts";

/** The AWS services that the commands talk to, in one region. */
export interface Aws {
  readonly cloudFormation: CloudFormationClient;
  readonly cloudWatch: CloudWatchClient;
  readonly cloudWatchLogs: CloudWatchLogsClient;
  readonly dynamoDb: DynamoDBClient;
  readonly ecs: ECSClient;
  readonly eventBridge: EventBridgeClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
  readonly scheduler: SchedulerClient;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly sts: STSClient;
}

export type CreateAws = (region: string) => Aws;

/**
 * Limits of one request. The function itself may take 30 s to answer; a long poll of SQS takes up to 20 s.
 * Without throwOnRequestTimeout the SDK would only warn, and the command hang.
 */
const requestHandler = { connectionTimeout: 5000, requestTimeout: 40_000, throwOnRequestTimeout: true };

/** Throttled and failed requests are tried up to this often, with the SDK's jittered backoff between. */
const maxAttempts = 5;

/** Credentials and endpoints (`AWS_ENDPOINT_URL`) are the SDK's usual ones; the region is the environment's. */
export const createAws: CreateAws = (region) => {
  const options = { region, maxAttempts, requestHandler };
  const aws = {
    cloudFormation: new CloudFormationClient(options),
    cloudWatch: new CloudWatchClient(options),
    cloudWatchLogs: new CloudWatchLogsClient(options),
    dynamoDb: new DynamoDBClient(options),
    // Looking at thousands of services meets ECS's limits: the client then sends more slowly.
    ecs: new ECSClient({ ...options, retryMode: "adaptive", maxAttempts: 10 }),
    eventBridge: new EventBridgeClient(options),
    iam: new IAMClient(options),
    kms: new KMSClient(options),
    lambda: new LambdaClient(options),
    s3: new S3Client(options),
    scheduler: new SchedulerClient(options),
    sns: new SNSClient(options),
    sqs: new SQSClient(options),
    sts: new STSClient(options),
  };
  return refusePages(rememberFailedRequests(aws));
};
