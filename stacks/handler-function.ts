import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias/index.js";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js";
import type { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import type { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { AssetType, TerraformAsset, type TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { addFunctionWithRole } from "./function-with-role.ts";
import { handlerPolicy } from "./handler-policy.ts";
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

  const code = new TerraformAsset(stack, "function-code", { path: handlerZip.path, type: AssetType.FILE });
  const lambdaFunction = addFunctionWithRole(stack, {
    environment,
    ids: {
      function: "function",
      logGroup: "log-group",
      role: "function-role",
      rolePolicy: "function-role-policy",
    },
    names,
    role: {
      description: "What the ECS tenant event handler may do",
      policyName: "event-handler",
      policy: handlerPolicy(environment),
    },
    settings: {
      description: "Keeps the statuses of tenants in DynamoDB true to what ECS reports about their services",
      handler: "index.handler",
      filename: code.path,
      sourceCodeHash: handlerZip.codeSha256,
      memorySize: environment.function.memoryMegabytes,
      timeout: TIMEOUT_SECONDS,
      environment: { variables: environmentVariables(environment) },
      dependsOn: [servicesTable],
    },
  });
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
