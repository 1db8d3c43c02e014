import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeSha256 } from "../../build/code-sha256.ts";
import type { Provenance } from "../../ops/release/provenance.ts";

/** The files of a release, in `dist/release/`: the artifact that one job hands to the next. */
export const releaseFiles = (repository: string): { folder: string; zip: string; provenance: string } => {
  const folder = join(repository, "dist", "release");
  return { folder, zip: join(folder, "handler.zip"), provenance: join(folder, "provenance.json") };
};

/** Lays a release down for the jobs that ship it: the zip, and beside it where it comes from. */
export const writeRelease = async (
  repository: string,
  zip: Uint8Array,
  origin: Omit<Provenance, "codeSha256" | "bytes">,
): Promise<Provenance> => {
  const files = releaseFiles(repository);
  const provenance = { codeSha256: codeSha256(zip), bytes: zip.length, ...origin };
  await mkdir(files.folder, { recursive: true });
  await writeFile(files.zip, zip);
  await writeFile(files.provenance, `${JSON.stringify(provenance, null, 2)}\n`);
  return provenance;
};
