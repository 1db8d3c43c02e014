import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StepError } from "../errors.ts";
import { askProgram } from "../ask-program.ts";
import { type StepContext, summarize } from "../step-context.ts";
import { originInMarkdown } from "./origin-in-markdown.ts";
import { readRelease } from "./read-release.ts";

/**
 * Checks what an earlier job handed over, before it is shipped: builds this checkout, which must be of the commit that the
 * zip claims to come from, and compares the bytes. A provenance beside the zip proves nothing: who changes one changes both.
 * @throws {StepError} when the zip is not what the commit builds.
 */
export const checkRelease = async (context: StepContext, unverifiedAllowed: boolean): Promise<void> => {
  const { zip, provenance } = await readRelease(context);
  const { codeSha256, origin } = provenance;
  if (origin.kind === "machine") {
    // Who changes the zip, could say so of it.
    if (!unverifiedAllowed)
      throw new StepError("dist/release/handler.zip claims to come from a machine: no commit builds it", {
        hint: "Deploy a build of the workflow, or let this one through with --allow-unverified",
      });
    summarize(
      context,
      `> [!WARNING]\n> Ships CodeSha256 \`${codeSha256}\`, ${originInMarkdown(origin)}: no commit builds it.`,
    );
    return;
  }
  const head = await askProgram(context, "git", ["rev-parse", "HEAD"]);
  if (head !== origin.commit)
    throw new StepError(
      `dist/release/handler.zip was built from ${origin.commit}, and this checkout is of ${head}`,
      { hint: "Check out the release's commit", next: `git checkout ${origin.commit}` },
    );
  const built = await build();
  if (!built.equals(zip))
    throw new StepError(
      `dist/release/handler.zip is not what commit ${origin.commit} builds: ${zip.length} bytes, and the build has ${built.length}`,
      { hint: "Do not ship it. Find out who changed the zip or its provenance" },
    );
  summarize(
    context,
    `Ships CodeSha256 \`${codeSha256}\`, which its commit builds; ${originInMarkdown(origin)}`,
  );
};

/** From the sources, whatever lies in dist/. Only here is loaded what builds: it is slow to load, and few steps build. */
const build = async (): Promise<Buffer> => {
  const { buildHandlerArtifact } = await import("../../build/handler-artifact.ts");
  const folder = await mkdtemp(join(tmpdir(), "rebuild-"));
  try {
    return await readFile((await buildHandlerArtifact(folder)).zipPath);
  } finally {
    await rm(folder, { recursive: true });
  }
};
