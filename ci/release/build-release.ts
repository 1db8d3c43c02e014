import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { currentHandlerZip } from "../../build/current-handler-zip.ts";
import { requireVariable, type StepContext, summarize } from "../step-context.ts";
import { originInMarkdown } from "./origin-in-markdown.ts";
import { writeRelease } from "./release-files.ts";

/**
 * Builds the zip, once: from here on the very bytes are handed from environment to environment.
 * @param gatesAreSkipped the run deploys without the quality gates; who started it is written down.
 */
export const buildRelease = async (context: StepContext, gatesAreSkipped: boolean): Promise<void> => {
  const zip = await currentHandlerZip(undefined, join(context.repository, "dist"));
  const { codeSha256, origin } = await writeRelease(context.repository, await readFile(zip.path), {
    repository: requireVariable(context, "GITHUB_REPOSITORY"),
    origin: {
      kind: "workflow",
      commit: requireVariable(context, "GITHUB_SHA"),
      run: requireVariable(context, "GITHUB_RUN_ID"),
      gatesSkippedBy: gatesAreSkipped ? requireVariable(context, "GITHUB_ACTOR") : undefined,
    },
    promotedFrom: null,
  });
  summarize(context, `Release CodeSha256 \`${codeSha256}\`, ${originInMarkdown(origin)}`);
};
