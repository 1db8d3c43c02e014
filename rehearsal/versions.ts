import { GetAliasCommand, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { resourceNames } from "../envs/resource-names.ts";
import { type Finding, judge } from "../checklist/check.ts";
import type { Place } from "./context.ts";

/** The version that the alias is at. */
export const liveVersion = async ({ account, environment }: Place): Promise<string> => {
  const { functionName, aliasName } = resourceNames(environment);
  const { FunctionVersion = "" } = await account.aws.lambda.send(
    new GetAliasCommand({ FunctionName: functionName, Name: aliasName }),
  );
  return FunctionVersion;
};

export const judgeLiveVersion = async (place: Place, expected: string): Promise<Finding> => {
  const version = await liveVersion(place);
  return judge(version === expected, `version ${version}`, `version ${expected}`);
};

/** What runs for the rules' events. */
export const liveCodeSha256 = async ({ account, environment }: Place): Promise<string> => {
  const { functionName, aliasName } = resourceNames(environment);
  const { CodeSha256 = "" } = await account.aws.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: aliasName }),
  );
  return CodeSha256;
};
