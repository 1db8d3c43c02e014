import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { currentBuild, DIST, readIfThere } from "./current-build.ts";
import { codeSha256 } from "./code-sha256.ts";

/** The zip that was asked for cannot be had. */
export class HandlerZipError extends Error {
  override readonly name = "HandlerZipError";
}

export interface CurrentHandlerZip {
  /** Absolute. */
  readonly path: string;
  readonly codeSha256: string;
}

/**
 * The zip to deploy: that of the sources as they are now, or the one given, as when a tested release is promoted. Either way
 * its name is `handler.zip`: the name is part of the plan, so equal bytes must give an equal plan.
 * @throws {HandlerZipError} when the file given is no zip.
 * @throws {TransitionsError} when handler/transitions.json is wrong.
 */
export const currentHandlerZip = async (
  given: string | undefined,
  dist = DIST,
): Promise<CurrentHandlerZip> => {
  if (given !== undefined) return await copyOf(given, join(dist, "given"));
  const { zipPath, codeSha256 } = await currentBuild(dist);
  return { path: zipPath, codeSha256 };
};

const copyOf = async (given: string, folder: string): Promise<CurrentHandlerZip> => {
  const zip = await readIfThere(given);
  if (zip === undefined) throw new HandlerZipError(`There is no file ${given}`);
  if (!zip.subarray(0, ZIP_SIGNATURE.length).equals(ZIP_SIGNATURE))
    throw new HandlerZipError(`${given} is no zip file`);
  const digest = codeSha256(zip);
  // A folder for each content: two promotions at the same time do not get each other's zip.
  const path = join(folder, Buffer.from(digest, "base64").toString("hex"), "handler.zip");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, zip);
  return { path, codeSha256: digest };
};

const ZIP_SIGNATURE = Buffer.from("PK\u0003\u0004");
