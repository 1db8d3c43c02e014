import { readFile } from "node:fs/promises";
import { codeSha256 } from "../../build/code-sha256.ts";
import { type Provenance, readProvenance } from "../../ops/release/provenance.ts";
import { StepError } from "../errors.ts";
import type { StepContext } from "../step-context.ts";
import { releaseFiles } from "./release-files.ts";

export interface Release {
  readonly zip: Uint8Array;
  readonly provenance: Provenance;
}

/**
 * What an earlier job handed over.
 * @throws {StepError} when there is none, or the zip is not the one that its provenance speaks of.
 */
export const readRelease = async ({ repository }: Pick<StepContext, "repository">): Promise<Release> => {
  const files = releaseFiles(repository);
  const provenance = await readProvenance(files.provenance);
  const zip = await readFile(files.zip).catch((error: unknown) => {
    throw new StepError("dist/release/handler.zip cannot be read", {
      hint: MADE_EARLIER,
      cause: error,
    });
  });
  const found = codeSha256(zip);
  if (found !== provenance.codeSha256)
    throw new StepError(
      `dist/release/handler.zip has CodeSha256 ${found}, and its provenance says ${provenance.codeSha256}`,
      { hint: MADE_EARLIER },
    );
  return { zip, provenance };
};

const MADE_EARLIER = "An earlier job of the workflow run makes it: run the workflow from its beginning";
