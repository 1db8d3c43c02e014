import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { currentHandlerZip } from "../build/current-handler-zip.ts";

/** The function's code, unpacked from dist/handler.zip, which is built first when it is not up to date. */
export const withFunctionCode = async <T>(
  use: (code: { readonly taskRoot: string; readonly bundle: string }) => Promise<T>,
): Promise<T> => {
  const { path } = await currentHandlerZip(undefined);
  const taskRoot = await mkdtemp(join(tmpdir(), "storm-"));
  try {
    for (const [name, content] of Object.entries(unzipSync(await readFile(path)))) {
      await writeFile(join(taskRoot, name), content);
    }
    return await use({ taskRoot, bundle: await readFile(join(taskRoot, "index.js"), "utf8") });
  } finally {
    await rm(taskRoot, { recursive: true, force: true });
  }
};
