import { readFile } from "node:fs/promises";
import { codeSha256 } from "../../build/handler-zip.ts";
import { StepError } from "../errors.ts";
import { requireVariable, type StepContext, summarize } from "../step-context.ts";
import { describeOrigin, readProvenance, releaseFiles } from "./provenance.ts";

/**
 * Checks what an earlier job handed over, before it is shipped.
 * @throws {StepError} when the zip is not the one that its provenance speaks of, or was built from another commit.
 */
export const checkRelease = async (context: StepContext): Promise<void> => {
  const files = releaseFiles(context.repository);
  const { codeSha256: expected, origin } = await readProvenance(files.provenance);
  const found = codeSha256(await readFile(files.zip));
  if (found !== expected)
    throw new StepError(
      `dist/release/handler.zip has CodeSha256 ${found}, and its provenance says ${expected}`,
    );
  const commit = requireVariable(context, "GITHUB_SHA");
  if (origin.kind === "built" && origin.commit !== commit)
    throw new StepError(
      `dist/release/handler.zip was built from ${origin.commit}, and this run is of ${commit}`,
    );
  summarize(context, `Ships CodeSha256 \`${found}\`, ${describeOrigin(origin)}`);
};
