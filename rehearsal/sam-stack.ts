import { CreateStackCommand } from "@aws-sdk/client-cloudformation";
import { ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { AddPermissionCommand, CreateAliasCommand, PublishVersionCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { readFile } from "node:fs/promises";
import { resourceNames } from "../envs/resource-names.ts";
import { buildZip } from "./builds.ts";
import type { Place } from "./context.ts";
import type { EventBridgeEvent } from "./emulator/event-bus.ts";

/** What the SAM version was: it writes a status and a time, and remembers nothing. */
export const OLD_HANDLER = `
const STATUSES = { SERVICE_STEADY_STATE: "ACTIVE", SERVICE_DEPLOYMENT_IN_PROGRESS: "PROVISIONING" };
exports.handler = async (event) => {
  const tenantId = (event.resources[0] || "").split("/tenant-")[1];
  const status = STATUSES[event.detail.eventName];
  if (tenantId === undefined || status === undefined) return { status: "ignored", reason: "unknown_tenant", event: event.detail.eventName, message: "ignored" };
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": "DynamoDB_20120810.UpdateItem",
      "x-amz-security-token": process.env.AWS_SESSION_TOKEN,
      authorization: "AWS4-HMAC-SHA256 Credential=" + process.env.AWS_ACCESS_KEY_ID + "/20250101/" + process.env.AWS_REGION + "/dynamodb/aws4_request, SignedHeaders=host, Signature=none",
    },
    body: JSON.stringify({
      TableName: process.env.TENANTS_TABLE,
      Key: { tenant_id: { S: tenantId } },
      UpdateExpression: "SET #status = :status, updated_at = :now",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":status": { S: status }, ":now": { S: new Date().toISOString() } },
    }),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return { status: "success" };
};`;

const OLD_RULE_IDS = ["ServiceActionRule", "DeploymentRule"] as const;

/** The stack of the SAM version, as its runbook describes it; versions and aliases are its workflow's. */
export const deploySamStack = async (place: Place, folder: string): Promise<string> => {
  const {
    account: { aws },
    environment,
  } = place;
  const names = resourceNames(environment);
  const { variables } = await buildZip(folder, "sam", OLD_HANDLER);
  const bucket = `sam-artifacts-${environment.environment}`;
  await aws.s3.send(
    new CreateBucketCommand({
      Bucket: bucket,
      CreateBucketConfiguration: { LocationConstraint: "af-south-1" },
    }),
  );
  const Body = await readFile(variables.HANDLER_ZIP);
  await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key: "sam.zip", Body }));
  await aws.cloudFormation.send(
    new CreateStackCommand({
      StackName: names.functionName,
      TemplateBody: templateOf(place, bucket),
      Capabilities: ["CAPABILITY_IAM"],
    }),
  );
  for (const name of ["backup-20250101T000000Z", names.aliasName]) {
    const { Version } = await aws.lambda.send(
      new PublishVersionCommand({ FunctionName: names.functionName, Description: name }),
    );
    await aws.lambda.send(
      new CreateAliasCommand({ FunctionName: names.functionName, Name: name, FunctionVersion: Version }),
    );
  }
  return names.functionName;
};

/**
 * YAML with short-form intrinsics, longer than a request of CloudFormation may be: taking it over has to keep the forms, and to
 * hand the template over by way of a bucket.
 */
const templateOf = ({ environment }: Place, bucket: string): string => {
  const names = resourceNames(environment);
  const rule = (detailType: string): string => `
    Type: AWS::Events::Rule
    Properties:
      EventPattern: { source: [aws.ecs], detail-type: [${detailType}] }
      State: ENABLED
      Targets:
        - Id: Handler
          Arn: !Sub "arn:aws:lambda:\${AWS::Region}:\${AWS::AccountId}:function:${names.functionName}:${names.aliasName}"
          DeadLetterConfig: { Arn: !GetAtt Dlq.Arn }`;
  return `AWSTemplateFormatVersion: "2010-09-09"
${"# What a team has written down over the years.\n".repeat(1200)}
Resources:
  HandlerRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - { Effect: Allow, Principal: { Service: lambda.amazonaws.com }, Action: sts:AssumeRole }
  Dlq: # The events that failed for good.
    Type: AWS::SQS::Queue
    Properties: { QueueName: ${names.deadLetterQueueName} }
  Logs: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: ${names.logGroupName} } }
  Handler:
    Type: AWS::Lambda::Function
    Metadata: { SamResourceId: Handler }
    Properties:
      FunctionName: ${names.functionName}
      Runtime: nodejs22.x
      Handler: index.handler
      Timeout: 30
      MemorySize: 256
      Role: !GetAtt HandlerRole.Arn
      Code: { S3Bucket: ${bucket}, S3Key: sam.zip }
      Environment:
        Variables:
          ENVIRONMENT: ${environment.environment}
          TENANTS_TABLE: ${environment.tenants.table}
  ${OLD_RULE_IDS[0]}:${rule("ECS Service Action")}
  ${OLD_RULE_IDS[1]}:${rule("ECS Deployment State Change")}
`;
};

/** As Lambda leaves what a function with a dead-letter queue of its own could not process: the bare event. */
export const parkAsSamDid = async (
  { account: { aws }, environment }: Place,
  events: readonly EventBridgeEvent[],
): Promise<void> => {
  const { QueueUrl } = await aws.sqs.send(
    new GetQueueUrlCommand({ QueueName: resourceNames(environment).deadLetterQueueName }),
  );
  for (const event of events)
    await aws.sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: JSON.stringify(event),
        MessageAttributes: {
          RequestID: { DataType: "String", StringValue: event.id },
          ErrorCode: { DataType: "Number", StringValue: "200" },
          ErrorMessage: { DataType: "String", StringValue: "Failed to update tenant state" },
        },
      }),
    );
};

/** The permissions of the old rules; CloudFormation of the emulator knows none for an alias. */
export const permitOldRules = async ({ account: { aws }, environment }: Place): Promise<void> => {
  const { functionName: FunctionName, aliasName: Qualifier } = resourceNames(environment);
  const { Rules = [] } = await aws.eventBridge.send(new ListRulesCommand({}));
  for (const [index, { Arn }] of Rules.entries())
    await aws.lambda.send(
      new AddPermissionCommand({
        FunctionName,
        Qualifier,
        StatementId: `sam-${index}`,
        Action: "lambda:InvokeFunction",
        Principal: "events.amazonaws.com",
        SourceArn: Arn,
      }),
    );
};
