import {
  type FunctionConfiguration,
  GetFunctionConfigurationCommand,
  paginateListVersionsByFunction,
  PublishVersionCommand,
} from "@aws-sdk/client-lambda";
import { isNotFound } from "../explain-error.ts";
import { ObstacleError } from "../../../checklist/errors.ts";
import type { LambdaContext } from "./lambda-context.ts";

/** A published version of the function: code and configuration, which never change. */
export interface Version {
  readonly number: string;
  /** Equal for equal zips, in every account. */
  readonly codeSha256: string;
  readonly publishedAt: string;
  /** The role that it runs in; undefined where AWS does not say. */
  readonly roleArn: string | undefined;
}

/** The published versions, newest first. */
export const listVersions = async ({ aws, names, signal }: LambdaContext): Promise<readonly Version[]> => {
  const versions: Version[] = [];
  for await (const { Versions = [] } of paginateListVersionsByFunction(
    { client: aws.lambda },
    { FunctionName: names.functionName },
    { abortSignal: signal },
  ))
    versions.push(...Versions.filter(({ Version }) => Version !== "$LATEST").map(toVersion));
  return versions.sort((one, other) => Number(other.number) - Number(one.number));
};

/**
 * Publishes the function's code and configuration as they are, if it is this code.
 * @returns the version's number.
 */
export const publishVersion = async (
  { aws, names, signal }: LambdaContext,
  codeSha256: string,
): Promise<string> => {
  const { Version: number = "" } = await aws.lambda.send(
    new PublishVersionCommand({ FunctionName: names.functionName, CodeSha256: codeSha256 }),
    { abortSignal: signal },
  );
  return number;
};

/** Whether a version, an alias or (without a qualifier) the function's newest state can run. */
export interface Readiness {
  readonly version: Version;
  readonly state: string;
  readonly lastUpdateStatus: string;
  /** Why it is not active, in AWS's words. */
  readonly reason: string | undefined;
}

/** @throws {ObstacleError} when there is no such thing. */
export const readReadiness = async (
  { aws, names, environment, signal }: LambdaContext,
  qualifier?: string,
): Promise<Readiness> => {
  try {
    const configuration = await aws.lambda.send(
      new GetFunctionConfigurationCommand({
        FunctionName: names.functionName,
        Qualifier: qualifier,
      }),
      { abortSignal: signal },
    );
    return {
      version: toVersion(configuration),
      state: configuration.State ?? "unknown",
      lastUpdateStatus: configuration.LastUpdateStatus ?? "unknown",
      reason: configuration.StateReason ?? configuration.LastUpdateStatusReason,
    };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new ObstacleError(
      qualifier === undefined
        ? `there is no function ${names.functionName}`
        : `${names.functionName} has no version ${qualifier}`,
      qualifier === undefined
        ? { hint: "Deploy it first", next: `npm run ops -- deploy ${environment.environment}`, cause: error }
        : {
            hint: "List the versions",
            next: `npm run ops -- status ${environment.environment}`,
            cause: error,
          },
    );
  }
};

const toVersion = ({
  Version: number = "",
  CodeSha256 = "",
  LastModified = "",
  Role: roleArn,
}: Pick<FunctionConfiguration, "Version" | "CodeSha256" | "LastModified" | "Role">): Version => ({
  number,
  codeSha256: CodeSha256,
  publishedAt: LastModified,
  roleArn,
});
