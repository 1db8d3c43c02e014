import { GetFunctionCommand, type GetFunctionCommandOutput } from "@aws-sdk/client-lambda";
import { codeSha256 } from "../../../build/code-sha256.ts";
import { ObstacleError } from "../../../checklist/errors.ts";
import { isNotFound } from "../explain-error.ts";
import type { LambdaContext } from "./lambda-context.ts";

/**
 * Fetches the bytes of a function.
 * @param qualifier a version's number, or `$LATEST` for what Terraform deployed last.
 * @throws {ObstacleError} when there is no such version, or what comes is not what Lambda speaks of.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 */
export const fetchCode = async (context: LambdaContext, qualifier: string): Promise<Uint8Array> => {
  const { functionName } = context.names;
  const { Configuration: configuration, Code: code } = await findFunction(context, qualifier);
  const expected = configuration?.CodeSha256;
  if (expected === undefined || code?.Location === undefined)
    throw new ObstacleError(`Lambda does not say where the code of ${functionName}:${qualifier} is`);
  const zip = await download(code.Location);
  const found = codeSha256(zip);
  if (found !== expected)
    throw new ObstacleError(
      `The code of ${functionName}:${qualifier} has CodeSha256 ${found}, and Lambda says ${expected}`,
    );
  return zip;
};

const findFunction = async (
  { aws, names, environment, signal }: LambdaContext,
  qualifier: string,
): Promise<Pick<GetFunctionCommandOutput, "Configuration" | "Code">> => {
  const { functionName } = names;
  try {
    return await aws.lambda.send(
      new GetFunctionCommand({ FunctionName: functionName, Qualifier: qualifier }),
      { abortSignal: signal },
    );
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new ObstacleError(
      qualifier === "$LATEST"
        ? `there is no function ${functionName}`
        : `${functionName} has no version ${qualifier}; it may have been deleted`,
      qualifier === "$LATEST"
        ? { hint: "Deploy it first", next: `npm run ops -- deploy ${environment.environment}`, cause: error }
        : {
            hint: "List the versions",
            next: `npm run ops -- status ${environment.environment}`,
            cause: error,
          },
    );
  }
};

/** From Lambda's own bucket, by a link that is signed and good for ten minutes: it does not belong in a log. */
const download = async (location: string): Promise<Uint8Array> => {
  const response = await fetch(location, { signal: AbortSignal.timeout(60_000) }).catch((error: unknown) => {
    throw new ObstacleError("the code cannot be downloaded from the link that Lambda gave", {
      hint: "Check the network, then run the command again",
      cause: error,
    });
  });
  if (!response.ok) throw new ObstacleError(`The code cannot be downloaded: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};
