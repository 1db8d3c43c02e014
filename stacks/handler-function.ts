import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias/index.js";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js";
import type { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { AssetType, TerraformAsset, type TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { runtimeOf } from "../envs/runtimes.ts";
import { limitByBoundary } from "./functions-boundary.ts";
import { handlerPolicy, handlerTrustPolicy } from "./handler-policy.ts";
import type { HandlerZip } from "./handler-zip.ts";

/** The handler gives an event up after 20 s (handler/handler.ts) and then needs time to say so. */
const TIMEOUT_SECONDS = 30;

/** An hour-old event is parked: by then others have followed it. */
const MAX_EVENT_AGE_SECONDS = 60 * 60;

export interface HandlerFunction {
  readonly function: LambdaFunction;
  readonly alias: LambdaAlias;
  /** What becomes of an event that fails. */
  readonly invokeConfig: LambdaFunctionEventInvokeConfig;
  /** The zip, of which the second function runs another file. */
  readonly code: { readonly path: string; readonly codeSha256: string };
}

export interface HandlerFunctionProps {
  readonly environment: Environment;
  readonly handlerZip: HandlerZip;
  readonly deadLetterQueue: SqsQueue;
  readonly servicesTable: DynamodbTable;
}

/** The function, its logs and rights, and the alias by which the rules invoke it. */
export const addHandlerFunction = (
  stack: TerraformStack,
  { environment, handlerZip, deadLetterQueue, servicesTable }: HandlerFunctionProps,
): HandlerFunction => {
  const names = resourceNames(environment);

  const logGroup = new CloudwatchLogGroup(stack, "log-group", {
    name: names.logGroupName,
    retentionInDays: environment.logRetentionDays,
  });
  const { kmsKeys, codeSigningConfig } = environment.security ?? {};
  if (kmsKeys?.logs !== undefined) logGroup.kmsKeyId = kmsKeys.logs;
  const role = new IamRole(stack, "function-role", {
    name: names.roleName,
    description: "What the ECS tenant event handler may do",
    assumeRolePolicy: JSON.stringify(handlerTrustPolicy()),
  });
  limitByBoundary(role, environment);
  const rolePolicy = new IamRolePolicy(stack, "function-role-policy", {
    name: "event-handler",
    role: role.name,
    policy: JSON.stringify(handlerPolicy(environment)),
  });

  const code = new TerraformAsset(stack, "function-code", { path: handlerZip.path, type: AssetType.FILE });
  const lambdaFunction = new LambdaFunction(stack, "function", {
    functionName: names.functionName,
    description: "Keeps the statuses of tenants in DynamoDB true to what ECS reports about their services",
    role: role.arn,
    runtime: runtimeOf(environment),
    architectures: ["arm64"],
    handler: "index.handler",
    filename: code.path,
    sourceCodeHash: handlerZip.codeSha256,
    memorySize: environment.function.memoryMegabytes,
    timeout: TIMEOUT_SECONDS,
    // Every change of code or configuration becomes a version that can be released and rolled back to.
    publish: true,
    environment: { variables: environmentVariables(environment) },
    loggingConfig: {
      logFormat: "JSON",
      logGroup: logGroup.name,
      applicationLogLevel: environment.function.logLevel.toUpperCase(),
      systemLogLevel: "INFO",
    },
    // Without its log group, Lambda would create one that keeps logs forever; without its policy, the first events fail.
    dependsOn: [logGroup, rolePolicy, servicesTable],
  });

  if (codeSigningConfig !== undefined) lambdaFunction.codeSigningConfigArn = codeSigningConfig;
  const { reservedConcurrency } = environment.function;
  if (reservedConcurrency !== undefined) lambdaFunction.reservedConcurrentExecutions = reservedConcurrency;

  const alias = new LambdaAlias(stack, "alias", {
    name: names.aliasName,
    description: "The released version, which the event rules invoke",
    functionName: lambdaFunction.functionName,
    functionVersion: lambdaFunction.version,
    // Releases and rollbacks move the alias and say why in its description; an apply must not undo them.
    lifecycle: { ignoreChanges: ["function_version", "routing_config", "description"] },
  });
  const invokeConfig = new LambdaFunctionEventInvokeConfig(stack, "alias-invoke-config", {
    functionName: lambdaFunction.functionName,
    qualifier: alias.name,
    maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
    maximumRetryAttempts: 2,
    destinationConfig: { onFailure: { destination: deadLetterQueue.arn } },
  });

  return {
    function: lambdaFunction,
    alias,
    invokeConfig,
    code: { path: code.path, codeSha256: handlerZip.codeSha256 },
  };
};

/** What handler/configuration.ts reads. */
export const environmentVariables = (environment: Environment): Record<string, string> => ({
  ENVIRONMENT: environment.environment,
  TENANTS_TABLE: environment.tenants.table,
  SERVICES_TABLE: resourceNames(environment).servicesTableName,
  CLUSTER_ARN: resourceNames(environment).clusterArn,
  TENANT_KEY: JSON.stringify(environment.tenants.key),
  STATUS_ATTRIBUTE: environment.tenants.statusAttribute,
  LOG_LEVEL: environment.function.logLevel,
});
