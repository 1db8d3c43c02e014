import {
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
} from "@aws-sdk/client-lambda";
import { statementsOf } from "../aws/policy-statements.ts";
import { ifFound, type ResourceType, textOf } from "./resource-type.ts";

export const lambdaFunction: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const FunctionName = textOf(config, "function_name");
    const found = await ifFound(() =>
      aws.lambda.send(new GetFunctionCommand({ FunctionName }), { abortSignal: signal }),
    );
    return found === undefined ? undefined : FunctionName;
  },
  contradiction: async ({ aws, environment, signal }, config) => {
    const FunctionName = textOf(config, "function_name");
    const { Configuration } = await aws.lambda.send(new GetFunctionCommand({ FunctionName }), {
      abortSignal: signal,
    });
    const itsEnvironment = Configuration?.Environment?.Variables?.["ENVIRONMENT"] ?? "not set";
    return itsEnvironment === environment.environment
      ? undefined
      : `its variable ENVIRONMENT is ${itsEnvironment}, not ${environment.environment}`;
  },
};

export const lambdaAlias: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const [FunctionName, Name] = [textOf(config, "function_name"), textOf(config, "name")];
    const found = await ifFound(() =>
      aws.lambda.send(new GetAliasCommand({ FunctionName, Name }), { abortSignal: signal }),
    );
    return found === undefined ? undefined : `${FunctionName}/${Name}`;
  },
};

export const lambdaInvokeConfig: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const [FunctionName, Qualifier] = [textOf(config, "function_name"), textOf(config, "qualifier")];
    const found = await ifFound(() =>
      aws.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName, Qualifier }), {
        abortSignal: signal,
      }),
    );
    return found === undefined ? undefined : `${FunctionName}:${Qualifier}`;
  },
};

export const lambdaPermission: ResourceType = {
  find: async ({ aws, signal }, config) => {
    const [FunctionName, Qualifier] = [textOf(config, "function_name"), textOf(config, "qualifier")];
    const id = textOf(config, "statement_id");
    const found = await ifFound(() =>
      aws.lambda.send(new GetPolicyCommand({ FunctionName, Qualifier }), { abortSignal: signal }),
    );
    return statementsOf(found?.Policy).some(({ Sid }) => Sid === id)
      ? `${FunctionName}:${Qualifier}/${id}`
      : undefined;
  },
};
