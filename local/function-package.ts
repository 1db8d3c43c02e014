import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { currentBuild } from "../build/current-build.ts";
import { codeSha256 } from "../build/code-sha256.ts";

/** The deployment package, unpacked as Lambda does it. */
export interface FunctionPackage {
  readonly taskRoot: string;
  readonly zipBytes: number;
  /** As Lambda would report it. */
  readonly codeSha256: string;
}

/** Unpacks dist/handler.zip in a folder, built first when it is not up to date: what then runs is what would be deployed. */
export const unpackFunctionPackage = async (folder: string): Promise<FunctionPackage> => {
  const zip = await readFile((await currentBuild()).zipPath);
  const taskRoot = join(folder, "task");
  await mkdir(taskRoot);
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    await writeFile(join(taskRoot, name), content);
  }
  return { taskRoot, zipBytes: zip.length, codeSha256: codeSha256(zip) };
};
