import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { LambdaFunction, type LambdaFunctionConfig } from "@cdktf/provider-aws/lib/lambda-function/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { runtimeOf } from "../envs/runtimes.ts";
import { limitByBoundary } from "./functions-boundary.ts";
import { handlerTrustPolicy } from "./handler-policy.ts";

export interface FunctionWithRoleProps {
  readonly environment: Environment;
  readonly ids: Readonly<Record<"function" | "logGroup" | "role" | "rolePolicy", string>>;
  readonly names: Readonly<Record<"functionName" | "logGroupName" | "roleName", string>>;
  readonly role: {
    readonly description: string;
    readonly policyName: string;
    readonly policy: object;
  };
  readonly settings: OwnSettings;
}

/** What the functions do not have alike. */
type OwnSettings = Pick<
  LambdaFunctionConfig,
  "description" | "handler" | "filename" | "sourceCodeHash" | "memorySize" | "timeout" | "environment"
> & { readonly dependsOn: NonNullable<LambdaFunctionConfig["dependsOn"]> };

/** A function with its log group, and a role of its own. */
export const addFunctionWithRole = (
  stack: TerraformStack,
  { environment, ids, names, role: { description, policyName, policy }, settings }: FunctionWithRoleProps,
): LambdaFunction => {
  const { kmsKeys, codeSigningConfig } = environment.security ?? {};
  const logGroup = new CloudwatchLogGroup(stack, ids.logGroup, {
    name: names.logGroupName,
    retentionInDays: environment.logRetentionDays,
  });
  if (kmsKeys?.logs !== undefined) logGroup.kmsKeyId = kmsKeys.logs;
  const role = new IamRole(stack, ids.role, {
    name: names.roleName,
    description,
    assumeRolePolicy: JSON.stringify(handlerTrustPolicy()),
  });
  limitByBoundary(role, environment);
  const rolePolicy = new IamRolePolicy(stack, ids.rolePolicy, {
    name: policyName,
    role: role.name,
    policy: JSON.stringify(policy),
  });
  const lambdaFunction = new LambdaFunction(stack, ids.function, {
    ...settings,
    functionName: names.functionName,
    role: role.arn,
    runtime: runtimeOf(environment),
    architectures: ["arm64"],
    // Every change of code or configuration becomes a version that can be released and rolled back to.
    publish: true,
    loggingConfig: {
      logFormat: "JSON",
      logGroup: logGroup.name,
      applicationLogLevel: environment.function.logLevel.toUpperCase(),
      systemLogLevel: "INFO",
    },
    // Without its log group, Lambda would create one that keeps logs forever; without its policy, the first calls fail.
    dependsOn: [logGroup, rolePolicy, ...settings.dependsOn],
  });
  if (codeSigningConfig !== undefined) lambdaFunction.codeSigningConfigArn = codeSigningConfig;
  return lambdaFunction;
};
