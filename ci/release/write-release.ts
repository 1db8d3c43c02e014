import { mkdir, writeFile } from "node:fs/promises";
import { codeSha256 } from "../../build/handler-zip.ts";
import { type Origin, type Provenance, releaseFiles } from "./provenance.ts";

/** Lays a release down for the jobs that ship it: the zip, and beside it where it comes from. */
export const writeRelease = async (
  repository: string,
  zip: Uint8Array,
  origin: Origin,
): Promise<Provenance> => {
  const files = releaseFiles(repository);
  const provenance = { codeSha256: codeSha256(zip), bytes: zip.length, origin };
  await mkdir(files.folder, { recursive: true });
  await writeFile(files.zip, zip);
  await writeFile(files.provenance, `${JSON.stringify(provenance, null, 2)}\n`);
  return provenance;
};
