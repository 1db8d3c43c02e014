import { loadEnvironment } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { listAliases, readLiveAlias } from "../../ops/aws/lambda/alias.ts";
import { findOrigin } from "../../ops/aws/lambda/live-period.ts";
import { StepError } from "../errors.ts";
import { requireVariable, setOutput, type StepContext, summarize } from "../step-context.ts";
import { fetchZip } from "./fetch-zip.ts";
import { originInMarkdown } from "./origin-in-markdown.ts";
import { writeRelease } from "./release-files.ts";

/**
 * Fetches the bytes of a version that an environment runs or ran, so that a promotion ships what was tested there, and says
 * which commit they were built from: its infrastructure is shipped with them. Outputs `version` and `commit`.
 * @param version undefined for the released one.
 */
export const fetchRelease = async (
  context: StepContext,
  environmentName: string,
  version: string | undefined,
): Promise<void> => {
  if (version !== undefined && !VERSION.test(version))
    throw new StepError(`${JSON.stringify(version)} is not a version of a function`, {
      hint: "A version is a number, such as 7. List the versions",
      next: `npm run ops -- status ${environmentName}`,
    });
  const environment = loadEnvironment(environmentName);
  const names = resourceNames(environment);
  const lambdaContext = {
    aws: context.createAws(environment.region),
    names,
    environment,
    signal: context.signal,
  };
  const live = await readLiveAlias(lambdaContext);
  const number = version ?? live.version;
  const zip = await fetchZip(context, environment, number);
  // Nobody has written down where it comes from: then it may come from anywhere.
  const origin = findOrigin(number, live, await listAliases(lambdaContext), names) ?? { kind: "machine" };
  const { codeSha256 } = await writeRelease(context.repository, zip, {
    repository: requireVariable(context, "GITHUB_REPOSITORY"),
    origin,
    promotedFrom: { environment: environment.environment, version: number },
  });
  setOutput(context, "version", number);
  // Of a build that no commit is known of, only main's infrastructure can be shipped.
  setOutput(
    context,
    "commit",
    origin.kind === "workflow" ? origin.commit : requireVariable(context, "GITHUB_SHA"),
  );
  summarize(
    context,
    `Version ${number} of **${environment.environment}**, CodeSha256 \`${codeSha256}\`, ${originInMarkdown(origin)}`,
  );
};

const VERSION = /^[1-9]\d*$/;
