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
import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Aws } from "../../ops/aws/clients.ts";

/** One of the emulator's accounts, signed in to. */
export interface Account {
  readonly aws: Aws;
  /** By which other programs do what they do in this account and nowhere else. */
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Signs in to an account with a web identity, as the workflows do: whose role it is decides which account the emulator
 * plays.
 */
export const signIn = async (
  endpoint: string,
  region: string,
  roleArn: string,
  sessionName = "rehearsal",
): Promise<Account> => {
  const anyone = { accessKeyId: "nobody", secretAccessKey: "nobody" };
  const sts = new STSClient({ endpoint, region, credentials: anyone });
  const { Credentials } = await sts.send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: roleArn,
      RoleSessionName: sessionName,
      WebIdentityToken: "rehearsal",
    }),
  );
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined)
    throw new Error(`The emulator gave no credentials for ${roleArn}`);

  const options = {
    endpoint,
    region,
    credentials: {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
    },
  };
  return {
    aws: {
      cloudFormation: new CloudFormationClient(options),
      cloudWatch: new CloudWatchClient(options),
      cloudWatchLogs: new CloudWatchLogsClient(options),
      dynamoDb: new DynamoDBClient(options),
      ecs: new ECSClient(options),
      eventBridge: new EventBridgeClient(options),
      iam: new IAMClient(options),
      kms: new KMSClient(options),
      lambda: new LambdaClient(options),
      s3: new S3Client({ ...options, forcePathStyle: true }),
      scheduler: new SchedulerClient(options),
      sns: new SNSClient(options),
      sqs: new SQSClient(options),
      sts: new STSClient(options),
    },
    variables: {
      AWS_ENDPOINT_URL: endpoint,
      // Terraform's S3 backend asks STS by another name; naming S3 would make it ask for buckets by host name.
      AWS_ENDPOINT_URL_STS: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: AccessKeyId,
      AWS_SECRET_ACCESS_KEY: SecretAccessKey,
      AWS_SESSION_TOKEN: SessionToken,
    },
  };
};
