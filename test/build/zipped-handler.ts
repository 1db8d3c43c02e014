import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { buildHandlerArtifact } from "../../build/handler-artifact.ts";

/** Builds the deployment package and unpacks what the function loads, as Lambda does. */
export const buildZippedHandler = async (directory: string): Promise<string> => {
  const { zipPath } = await buildHandlerArtifact(join(directory, "dist"));
  for (const [name, content] of Object.entries(unzipSync(await readFile(zipPath)))) {
    await writeFile(join(directory, name), content);
  }
  return join(directory, "index.js");
};
