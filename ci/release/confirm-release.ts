import { loadEnvironment } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { readReadiness } from "../../ops/aws/lambda/version.ts";
import { StepError } from "../errors.ts";
import { type StepContext, summarize } from "../step-context.ts";
import { originInMarkdown } from "./origin-in-markdown.ts";
import { readRelease } from "./read-release.ts";

/**
 * Confirms that what the alias now runs are the bytes that were to be shipped.
 * @throws {StepError} when they are not.
 */
export const confirmRelease = async (context: StepContext, environmentName: string): Promise<void> => {
  const environment = loadEnvironment(environmentName);
  const names = resourceNames(environment);
  const { codeSha256: expected, origin } = (await readRelease(context)).provenance;
  const { version } = await readReadiness(
    { aws: context.createAws(environment.region), names, environment, signal: context.signal },
    names.aliasName,
  );
  if (version.codeSha256 !== expected)
    throw new StepError(
      `${names.functionName}:${names.aliasName} runs CodeSha256 ${version.codeSha256}, and ${expected} was to be shipped`,
      {
        hint: "Something else moved the alias since. See what is live",
        next: `npm run ops -- status ${environmentName}`,
      },
    );
  summarize(
    context,
    `**${environment.environment}** runs version ${version.number}, CodeSha256 \`${expected}\`, ${originInMarkdown(origin)}`,
  );
};
