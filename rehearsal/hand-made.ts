import { CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand } from "@aws-sdk/client-iam";
import { CreateAliasCommand, CreateFunctionCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand } from "@aws-sdk/client-sqs";
import { readFile } from "node:fs/promises";
import { resourceNames } from "../envs/resource-names.ts";
import { buildZip } from "./builds.ts";
import type { Place } from "./context.ts";
import { OLD_HANDLER, permitOldRules } from "./sam-stack.ts";

export const HAND_MADE_RULES = ["ecs-services", "ecs-deployments"] as const;

/** The old version as somebody has made it in the console: no stack owns any of it. */
export const makeByHand = async (place: Place, folder: string): Promise<void> => {
  const {
    account: { aws },
    environment,
  } = place;
  const names = resourceNames(environment);
  const { Role } = await aws.iam.send(
    new CreateRoleCommand({
      RoleName: "event-handler-made-by-hand",
      AssumeRolePolicyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
        ],
      }),
    }),
  );
  await aws.sqs.send(new CreateQueueCommand({ QueueName: names.deadLetterQueueName }));
  await aws.cloudWatchLogs.send(new CreateLogGroupCommand({ logGroupName: names.logGroupName }));
  const { variables } = await buildZip(folder, "by-hand", OLD_HANDLER);
  const { Version } = await aws.lambda.send(
    new CreateFunctionCommand({
      FunctionName: names.functionName,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Timeout: 30,
      MemorySize: 256,
      Role: Role?.Arn,
      Code: { ZipFile: await readFile(variables.HANDLER_ZIP) },
      Environment: {
        Variables: { ENVIRONMENT: environment.environment, TENANTS_TABLE: environment.tenants.table },
      },
      Publish: true,
    }),
  );
  await aws.lambda.send(
    new CreateAliasCommand({
      FunctionName: names.functionName,
      Name: names.aliasName,
      FunctionVersion: Version,
    }),
  );
  const types = ["ECS Service Action", "ECS Deployment State Change"];
  for (const [index, Name] of HAND_MADE_RULES.entries()) {
    const EventPattern = JSON.stringify({ source: ["aws.ecs"], "detail-type": [types[index]] });
    await aws.eventBridge.send(new PutRuleCommand({ Name, EventPattern, State: "ENABLED" }));
    await aws.eventBridge.send(
      new PutTargetsCommand({
        Rule: Name,
        Targets: [{ Id: "1", Arn: names.aliasArn, DeadLetterConfig: { Arn: names.deadLetterQueueArn } }],
      }),
    );
  }
  await permitOldRules(place);
};
