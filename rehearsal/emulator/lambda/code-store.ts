import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import type { Invocation } from "./invocation.ts";

/** The zip is not the one that the version was deployed with. */
export class CodeMismatchError extends Error {
  override readonly name = "CodeMismatchError";
}

/**
 * Unpacks a version's code, once.
 * @returns the folder.
 * @throws {CodeMismatchError} when the zip's SHA-256 is not the CodeSha256 that Lambda reports.
 */
export const unpackCode = async (
  folder: string,
  { configuration, zip }: Pick<Invocation, "configuration" | "zip">,
): Promise<string> => {
  const bytes = Buffer.from(zip, "base64");
  const sha256 = createHash("sha256").update(bytes).digest();
  if (sha256.toString("base64") !== configuration.CodeSha256) {
    throw new CodeMismatchError(
      `${configuration.FunctionName} version ${configuration.Version}: the zip's SHA-256 is ` +
        `${sha256.toString("base64")}, CodeSha256 is ${configuration.CodeSha256}`,
    );
  }
  const taskRoot = join(folder, sha256.toString("hex"));
  if (existsSync(taskRoot)) return taskRoot;

  // Appears whole: another sandbox may be loading it already.
  await mkdir(folder, { recursive: true });
  const unfinished = await mkdtemp(`${taskRoot}.`);
  for (const [name, content] of Object.entries(unzipSync(bytes))) {
    const path = join(unfinished, name);
    await mkdir(dirname(path), { recursive: true });
    if (!name.endsWith("/")) await writeFile(path, content);
  }
  try {
    await rename(unfinished, taskRoot);
  } catch (error) {
    if (!existsSync(taskRoot)) throw error;
    await rm(unfinished, { recursive: true });
  }
  return taskRoot;
};
