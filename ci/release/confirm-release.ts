import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { loadEnvironment } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { StepError } from "../errors.ts";
import { type StepContext, summarize } from "../step-context.ts";
import { describeOrigin, readProvenance, releaseFiles } from "./provenance.ts";

/**
 * Confirms that what the alias now runs are the bytes that were to be shipped.
 * @throws {StepError} when they are not.
 */
export const confirmRelease = async (context: StepContext, environmentName: string): Promise<void> => {
  const environment = loadEnvironment(environmentName);
  const { functionName, aliasName } = resourceNames(environment);
  const { codeSha256: expected, origin } = await readProvenance(releaseFiles(context.repository).provenance);
  const { CodeSha256: found, Version: version } = await context
    .createAws(environment.region)
    .lambda.send(new GetFunctionConfigurationCommand({ FunctionName: functionName, Qualifier: aliasName }));
  if (found !== expected)
    throw new StepError(
      `${functionName}:${aliasName} runs CodeSha256 ${found}, and ${expected} was to be shipped`,
    );
  summarize(
    context,
    `**${environment.environment}** runs version ${version}, CodeSha256 \`${found}\`, ${describeOrigin(origin)}`,
  );
};
