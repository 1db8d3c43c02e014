import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import type { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias/index.js";
import { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { runtimeOf } from "../envs/runtimes.ts";
import { limitByBoundary } from "./functions-boundary.ts";
import { environmentVariables, type HandlerFunction } from "./handler-function.ts";
import { handlerTrustPolicy } from "./handler-policy.ts";
import { reconcilerPolicy } from "./reconciler-policy.ts";

/** The most that Lambda gives. A run that has not finished by then says so and gives its lease back before. */
const TIMEOUT_SECONDS = 15 * 60;

/** Enough for 50,000 services: they are looked at a page at a time. */
const MEMORY_MEGABYTES = 256;

/** A run that could not begin within a minute is not worth having: the next one comes anyway. */
const MAX_EVENT_AGE_SECONDS = 60;

export interface ReconcilerFunction {
  readonly alias: LambdaAlias;
  readonly invokeConfig: LambdaFunctionEventInvokeConfig;
}

export interface ReconcilerFunctionProps {
  readonly environment: Environment;
  /** Whose code it shares, and through whose alias it repairs. */
  readonly handler: HandlerFunction;
  readonly servicesTable: DynamodbTable;
}

/** The scheduled reconciler: the second function of the same zip, with an alias of its own that moves with the handler's. */
export const addReconcilerFunction = (
  stack: TerraformStack,
  { environment, handler, servicesTable }: ReconcilerFunctionProps,
): ReconcilerFunction => {
  const { aliasName, reconciler: names } = resourceNames(environment);

  const logGroup = new CloudwatchLogGroup(stack, "reconciler-log-group", {
    name: names.logGroupName,
    retentionInDays: environment.logRetentionDays,
  });
  const { kmsKeys, codeSigningConfig } = environment.security ?? {};
  if (kmsKeys?.logs !== undefined) logGroup.kmsKeyId = kmsKeys.logs;
  const role = new IamRole(stack, "reconciler-role", {
    name: names.roleName,
    description: "What the scheduled reconciler of the ECS tenant event handler may do",
    assumeRolePolicy: JSON.stringify(handlerTrustPolicy()),
  });
  limitByBoundary(role, environment);
  const rolePolicy = new IamRolePolicy(stack, "reconciler-role-policy", {
    name: "reconciler",
    role: role.name,
    policy: JSON.stringify(reconcilerPolicy(environment)),
  });

  const { code, alias: handlerAlias } = handler;
  const lambdaFunction = new LambdaFunction(stack, "reconciler", {
    functionName: names.functionName,
    description:
      "Compares the statuses of tenants with what ECS says now, and repairs them through the handler",
    role: role.arn,
    runtime: runtimeOf(environment),
    architectures: ["arm64"],
    handler: "reconciler.handler",
    filename: code.path,
    sourceCodeHash: code.codeSha256,
    memorySize: MEMORY_MEGABYTES,
    timeout: TIMEOUT_SECONDS,
    publish: true,
    environment: { variables: variablesOf(environment) },
    loggingConfig: {
      logFormat: "JSON",
      logGroup: logGroup.name,
      applicationLogLevel: environment.function.logLevel.toUpperCase(),
      systemLogLevel: "INFO",
    },
    dependsOn: [logGroup, rolePolicy, servicesTable, handlerAlias],
  });
  if (codeSigningConfig !== undefined) lambdaFunction.codeSigningConfigArn = codeSigningConfig;

  const alias = new LambdaAlias(stack, "reconciler-alias", {
    name: aliasName,
    description: "The released version, which the schedule invokes",
    functionName: lambdaFunction.functionName,
    functionVersion: lambdaFunction.version,
    // It moves with the handler's.
    lifecycle: { ignoreChanges: ["function_version", "routing_config", "description"] },
  });
  const invokeConfig = new LambdaFunctionEventInvokeConfig(stack, "reconciler-invoke-config", {
    functionName: lambdaFunction.functionName,
    qualifier: alias.name,
    maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
    maximumRetryAttempts: 0,
  });
  return { alias, invokeConfig };
};

/** What reconciler/configuration.ts reads. */
const variablesOf = (environment: Environment): Record<string, string> => {
  const { repair, fuse } = environment.reconciler;
  return {
    ...environmentVariables(environment),
    HANDLER_ALIAS_ARN: resourceNames(environment).aliasArn,
    REPAIR: String(repair),
    FUSE_TENANTS: String(fuse.tenants),
    FUSE_PERCENT: String(fuse.percent),
  };
};
