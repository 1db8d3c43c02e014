import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { currentHandlerZip } from "../../build/current-handler-zip.ts";
import { requireVariable, type StepContext, summarize } from "../step-context.ts";
import { describeOrigin } from "./provenance.ts";
import { writeRelease } from "./write-release.ts";

/** Builds the zip, once: from here on the very bytes are handed from environment to environment. */
export const buildRelease = async (context: StepContext): Promise<void> => {
  const server = requireVariable(context, "GITHUB_SERVER_URL");
  const repository = requireVariable(context, "GITHUB_REPOSITORY");
  const commit = requireVariable(context, "GITHUB_SHA");
  const run = `${server}/${repository}/actions/runs/${requireVariable(context, "GITHUB_RUN_ID")}`;

  const zip = await currentHandlerZip(undefined, join(context.repository, "dist"));
  const provenance = await writeRelease(context.repository, await readFile(zip.path), {
    kind: "built",
    repository,
    commit,
    run,
  });
  summarize(context, `Release CodeSha256 \`${provenance.codeSha256}\`, ${describeOrigin(provenance.origin)}`);
};
