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
export const liveCodeSha256 = (place: Place): Promise<string> =>
  codeOf(place, resourceNames(place.environment).functionName);

/** The two functions are of one zip, at any time but between the two moves of a release. */
export const judgeSameCode = async (place: Place): Promise<Finding> => {
  const { functionName, reconciler } = resourceNames(place.environment);
  const [ofHandler, ofReconciler] = [
    await codeOf(place, functionName),
    await codeOf(place, reconciler.functionName),
  ];
  return judge(
    ofHandler === ofReconciler,
    ofHandler === ofReconciler ? "the same code" : `${ofHandler} and ${ofReconciler}`,
    "the same code",
  );
};

const codeOf = async ({ account, environment }: Place, functionName: string): Promise<string> => {
  const { aliasName } = resourceNames(environment);
  const { CodeSha256 = "" } = await account.aws.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: aliasName }),
  );
  return CodeSha256;
};
