import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { currentHandlerZip } from "../../build/current-handler-zip.ts";
import { requireVariable, type Step, summarize } from "../step.ts";
import { describeOrigin } from "./provenance.ts";
import { writeRelease } from "./write-release.ts";

/** Builds the zip, once: from here on the very bytes are handed from environment to environment. */
export const buildRelease = async (step: Step): Promise<void> => {
  const server = requireVariable(step, "GITHUB_SERVER_URL");
  const repository = requireVariable(step, "GITHUB_REPOSITORY");
  const commit = requireVariable(step, "GITHUB_SHA");
  const run = `${server}/${repository}/actions/runs/${requireVariable(step, "GITHUB_RUN_ID")}`;

  const zip = await currentHandlerZip(undefined, join(step.repository, "dist"));
  const provenance = await writeRelease(step.repository, await readFile(zip.path), {
    kind: "built",
    repository,
    commit,
    run,
  });
  summarize(step, `Release CodeSha256 \`${provenance.codeSha256}\`, ${describeOrigin(provenance.origin)}`);
};
