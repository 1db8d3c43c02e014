import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { codeSha256 } from "./handler-zip.ts";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** What the zip is made from: the lockfile stands for the packages. */
const INPUTS = ["handler", "reconcile", "reconciler", "checklist/errors.ts", "build", "package-lock.json"];

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
 * The zip to deploy: that of the sources as they are now, built when it is missing or stale, or else the one given, as when
 * a tested release is promoted. Either way its name is `handler.zip`: the name is part of the plan, so equal bytes must
 * give an equal plan.
 * @throws {HandlerZipError} when the file given is no zip.
 * @throws {TransitionsError} when handler/transitions.json is wrong.
 */
export const currentHandlerZip = async (
  given: string | undefined,
  dist = join(REPOSITORY, "dist"),
): Promise<CurrentHandlerZip> =>
  given === undefined ? await upToDateZip(dist) : await copyOf(given, join(dist, "given"));

const upToDateZip = async (dist: string): Promise<CurrentHandlerZip> => {
  const path = join(dist, "handler.zip");
  // Beside the zip: what it was made from and what came of it.
  const stampPath = join(dist, "handler.zip.stamp");
  const inputs = await digestInputs();
  const zip = await readIfThere(path);
  const stamp = await readIfThere(stampPath);
  if (zip !== undefined && stamp?.toString() === stampOf(inputs, codeSha256(zip)))
    return { path, codeSha256: codeSha256(zip) };

  // Only loaded when there is something to build: it takes longer than all the rest.
  const { buildHandlerArtifact } = await import("./handler-artifact.ts");
  const artifact = await buildHandlerArtifact(dist);
  await writeFile(stampPath, stampOf(inputs, artifact.codeSha256));
  return { path, codeSha256: artifact.codeSha256 };
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

const stampOf = (inputs: string, zipSha256: string): string => `${inputs}\n${zipSha256}\n`;

const digestInputs = async (): Promise<string> => {
  const digest = createHash("sha256");
  for (const input of INPUTS) {
    for (const file of await listFiles(input)) {
      const content = await readFile(join(REPOSITORY, file));
      digest.update(`${file}\0${content.length}\0`).update(content);
    }
  }
  return digest.digest("base64");
};

/** A file is its own list. */
const listFiles = async (path: string): Promise<string[]> => {
  if ((await stat(join(REPOSITORY, path))).isFile()) return [path];
  const names = (await readdir(join(REPOSITORY, path))).sort();
  return (await Promise.all(names.map((name) => listFiles(join(path, name))))).flat();
};

const readIfThere = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
};
