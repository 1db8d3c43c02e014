import type { DynamodbTable } from "@cdktf/provider-aws/lib/dynamodb-table/index.js";
import { LambdaAlias } from "@cdktf/provider-aws/lib/lambda-alias/index.js";
import { LambdaFunctionEventInvokeConfig } from "@cdktf/provider-aws/lib/lambda-function-event-invoke-config/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { addFunctionWithRole } from "./function-with-role.ts";
import { environmentVariables, type HandlerFunction } from "./handler-function.ts";
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

  const { code, alias: handlerAlias } = handler;
  const lambdaFunction = addFunctionWithRole(stack, {
    environment,
    ids: {
      function: "reconciler",
      logGroup: "reconciler-log-group",
      role: "reconciler-role",
      rolePolicy: "reconciler-role-policy",
    },
    names,
    role: {
      description: "What the scheduled reconciler of the ECS tenant event handler may do",
      policyName: "reconciler",
      policy: reconcilerPolicy(environment),
    },
    settings: {
      description:
        "Compares the statuses of tenants with what ECS says now, and repairs them through the handler",
      handler: "reconciler.handler",
      filename: code.path,
      sourceCodeHash: code.codeSha256,
      memorySize: MEMORY_MEGABYTES,
      timeout: TIMEOUT_SECONDS,
      environment: { variables: variablesOf(environment) },
      dependsOn: [servicesTable, handlerAlias],
    },
  });

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
