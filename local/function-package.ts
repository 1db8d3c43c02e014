import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { buildHandlerArtifact } from "../build/handler-artifact.ts";

/** The deployment package, unpacked as Lambda does it. */
export interface FunctionPackage {
  readonly taskRoot: string;
  readonly zipBytes: number;
  /** As Lambda would report it. */
  readonly codeSha256: string;
}

/** Builds the handler in a folder and unpacks its zip there: what then runs is what would be deployed. */
export const buildFunctionPackage = async (folder: string): Promise<FunctionPackage> => {
  const { zipPath, zipBytes, codeSha256 } = await buildHandlerArtifact(join(folder, "dist"));
  const taskRoot = join(folder, "task");
  await mkdir(taskRoot);
  for (const [name, content] of Object.entries(unzipSync(await readFile(zipPath)))) {
    await writeFile(join(taskRoot, name), content);
  }
  return { taskRoot, zipBytes, codeSha256 };
};
