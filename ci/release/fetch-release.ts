import { GetFunctionCommand } from "@aws-sdk/client-lambda";
import { codeSha256 } from "../../build/handler-zip.ts";
import { loadEnvironment } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { StepError } from "../errors.ts";
import { type StepContext, summarize } from "../step-context.ts";
import { describeOrigin } from "./provenance.ts";
import { writeRelease } from "./write-release.ts";

/**
 * Fetches the bytes that an environment runs, so that a promotion ships what was tested there and not what a second build makes.
 * @param version undefined for the released one.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 */
export const fetchRelease = async (
  context: StepContext,
  environmentName: string,
  version: string | undefined,
): Promise<void> => {
  if (version !== undefined && !VERSION.test(version))
    throw new StepError(`${JSON.stringify(version)} is no version of a function: 7, for example`);
  const environment = loadEnvironment(environmentName);
  const { functionName, aliasName } = resourceNames(environment);
  const qualifier = version ?? aliasName;
  const { Configuration: configuration, Code: code } = await context
    .createAws(environment.region)
    .lambda.send(new GetFunctionCommand({ FunctionName: functionName, Qualifier: qualifier }));
  const expected = configuration?.CodeSha256;
  if (expected === undefined || code?.Location === undefined)
    throw new StepError(`Lambda does not say where the code of ${functionName}:${qualifier} is`);

  const zip = await download(code.Location);
  const found = codeSha256(zip);
  if (found !== expected)
    throw new StepError(
      `The code of ${functionName}:${qualifier} has CodeSha256 ${found}, and Lambda says ${expected}`,
    );
  const { origin } = await writeRelease(context.repository, zip, {
    kind: "promoted",
    from: environment.environment,
    functionArn: configuration?.FunctionArn ?? functionName,
    version: configuration?.Version ?? qualifier,
  });
  summarize(context, `Release CodeSha256 \`${found}\`, ${describeOrigin(origin)}`);
};

/** From Lambda's own bucket, by a link that is signed and good for ten minutes: it does not belong in a log. */
const download = async (location: string): Promise<Uint8Array> => {
  const response = await fetch(location, { signal: AbortSignal.timeout(60_000) }).catch((error: unknown) => {
    throw new StepError("The code cannot be downloaded from where Lambda keeps it", { cause: error });
  });
  if (!response.ok) throw new StepError(`The code cannot be downloaded: HTTP ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

/** A published version, or what Terraform deployed last. */
const VERSION = /^([1-9]\d*|\$LATEST)$/;
