import { createHash } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Metafile } from "esbuild";
import type { HandlerArtifact } from "./handler-artifact.ts";
import { codeSha256 } from "./code-sha256.ts";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** Where a build is left. */
export const DIST = join(REPOSITORY, "dist");

/**
 * What the zip is made from, by path in the repository: files, and folders with all in them. The lockfile stands for the packages; envs/
 * says for which version of Node.js the functions are made.
 */
export const BUILD_INPUTS: readonly string[] = [
  ...["handler", "reconcile", "reconciler", "checklist", "envs", "build"],
  ...["package.json", "package-lock.json", "tsconfig.json"],
];

/** What is in a zip's files: a part of what esbuild says of its outputs. */
export type ZipContents = Pick<Metafile, "outputs">;

export interface CurrentBuild {
  /** Absolute. */
  readonly zipPath: string;
  readonly codeSha256: string;
  readonly contents: ZipContents;
}

/** Beside the zip: what it was made from and what came of it. */
interface BuildRecord extends Omit<CurrentBuild, "zipPath"> {
  readonly inputs: string;
}

/** Builds into a folder. */
export type BuildInto = (dist: string) => Promise<Pick<HandlerArtifact, "codeSha256" | "metafile">>;

/** Only loaded when there is something to build: it takes longer than all the rest. */
const buildArtifact: BuildInto = async (dist) =>
  (await import("./handler-artifact.ts")).buildHandlerArtifact(dist);

/**
 * The zip of the sources as they are now, built when it is missing or stale.
 * @throws {TransitionsError} when handler/transitions.json is wrong.
 */
export const currentBuild = async (dist = DIST, build = buildArtifact): Promise<CurrentBuild> => {
  const zipPath = join(dist, "handler.zip");
  const recordPath = join(dist, "handler.zip.json");
  const inputs = await digestInputs();
  const zip = await readIfThere(zipPath);
  const record = parseRecord(await readIfThere(recordPath));
  if (zip !== undefined && record?.inputs === inputs && record.codeSha256 === codeSha256(zip))
    return { zipPath, codeSha256: record.codeSha256, contents: record.contents };

  const { codeSha256: digest, metafile } = await build(dist);
  const built = { codeSha256: digest, contents: { outputs: metafile.outputs } };
  await writeFile(recordPath, JSON.stringify({ inputs, ...built } satisfies BuildRecord));
  return { zipPath, ...built };
};

/** One that was not written to its end is none. */
const parseRecord = (text: Buffer | undefined): BuildRecord | undefined => {
  try {
    return text === undefined ? undefined : (JSON.parse(text.toString()) as BuildRecord);
  } catch {
    return undefined;
  }
};

const digestInputs = async (): Promise<string> => {
  const digest = createHash("sha256");
  for (const input of BUILD_INPUTS) {
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

export const readIfThere = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
};
