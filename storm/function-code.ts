import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { currentHandlerZip } from "../build/current-handler-zip.ts";

/** The texts of the function's files, by name; `index.js` is loaded first and requires the others. */
export type FunctionCode = Readonly<Record<string, string>>;

/** The function's code, unpacked from dist/handler.zip, which is built first when it is not up to date. */
export const withFunctionCode = async <T>(
  use: (unpacked: { readonly taskRoot: string; readonly code: FunctionCode }) => Promise<T>,
): Promise<T> => {
  const { path } = await currentHandlerZip(undefined);
  const taskRoot = await mkdtemp(join(tmpdir(), "storm-"));
  try {
    const code = await readFunctionCode(path);
    for (const [name, text] of Object.entries(code)) await writeFile(join(taskRoot, name), text);
    return await use({ taskRoot, code });
  } finally {
    await rm(taskRoot, { recursive: true, force: true });
  }
};

/** Reads the files of a function's zip. */
export const readFunctionCode = async (zipPath: string): Promise<FunctionCode> =>
  Object.fromEntries(
    Object.entries(unzipSync(await readFile(zipPath))).map(([name, content]) => [
      name,
      Buffer.from(content).toString(),
    ]),
  );
