import { GetFunctionCommand, type GetFunctionCommandOutput } from "@aws-sdk/client-lambda";
import { codeSha256 } from "../../build/handler-zip.ts";
import type { Environment } from "../../envs/environment.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { isNotFound } from "../../ops/aws/explain-error.ts";
import { StepError } from "../errors.ts";
import type { StepContext } from "../step-context.ts";

/**
 * Fetches the bytes of a function.
 * @param qualifier a version's number, or `$LATEST` for what Terraform deployed last.
 * @throws {StepError} when there is no such version, or what comes is not what Lambda speaks of.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 */
export const fetchZip = async (
  context: StepContext,
  environment: Environment,
  qualifier: string,
): Promise<Uint8Array> => {
  const { functionName } = resourceNames(environment);
  const { Configuration: configuration, Code: code } = await findFunction(context, environment, qualifier);
  const expected = configuration?.CodeSha256;
  if (expected === undefined || code?.Location === undefined)
    throw new StepError(`Lambda does not say where the code of ${functionName}:${qualifier} is`);
  const zip = await download(code.Location);
  const found = codeSha256(zip);
  if (found !== expected)
    throw new StepError(
      `The code of ${functionName}:${qualifier} has CodeSha256 ${found}, and Lambda says ${expected}`,
    );
  return zip;
};

const findFunction = async (
  context: StepContext,
  environment: Environment,
  qualifier: string,
): Promise<Pick<GetFunctionCommandOutput, "Configuration" | "Code">> => {
  const { functionName } = resourceNames(environment);
  try {
    return await context
      .createAws(environment.region)
      .lambda.send(new GetFunctionCommand({ FunctionName: functionName, Qualifier: qualifier }), {
        abortSignal: context.signal,
      });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new StepError(
      qualifier === "$LATEST"
        ? `There is no function ${functionName}: deploy ${environment.environment} first`
        : `${functionName} has no version ${qualifier}, or no longer; those that there are: npm run ops -- status ${environment.environment}`,
    );
  }
};

/** From Lambda's own bucket, by a link that is signed and good for ten minutes: it does not belong in a log. */
const download = async (location: string): Promise<Uint8Array> => {
  const response = await fetch(location, { signal: AbortSignal.timeout(60_000) }).catch((error: unknown) => {
    throw new StepError("The code cannot be downloaded from where Lambda keeps it", { cause: error });
  });
  if (!response.ok) throw new StepError(`The code cannot be downloaded: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};
