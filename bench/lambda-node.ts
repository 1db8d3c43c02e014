import { execFile } from "node:child_process";
import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { WORK } from "./work.ts";

const run = promisify(execFile);

/** The Node that the function runs on (stacks/handler-function.ts), as the npm registry has it. */
const VERSION = "24.21.0";

/** A Node to measure on. */
export interface NodeRuntime {
  /** Such as `24.21.0`. */
  readonly version: string;
  readonly path: string;
  /** Whether it is of the major version that the function runs on. */
  readonly isLambdas: boolean;
}

/** The Node that runs this, and the Lambda's where that is another and can be had from the npm registry. */
export const nodeRuntimes = async (): Promise<{
  runtimes: readonly NodeRuntime[];
  left: readonly string[];
}> => {
  const major = (version: string): string => version.split(".")[0] ?? "";
  const own: NodeRuntime = {
    version: process.versions.node,
    path: process.execPath,
    isLambdas: major(process.versions.node) === major(VERSION),
  };
  if (own.isLambdas) return { runtimes: [own], left: [] };
  try {
    return { runtimes: [{ version: VERSION, path: await download(), isLambdas: true }, own], left: [] };
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    return { runtimes: [own], left: [`Node ${VERSION}, the Lambda's: it cannot be had here (${reason})`] };
  }
};

/** Once; then it lies in the cache. */
const download = async (): Promise<string> => {
  const folder = join(WORK, `node-${VERSION}`);
  const name = `node-${process.platform}-${process.arch}`;
  const path = join(folder, "node_modules", name, "bin", "node");
  try {
    await access(path);
  } catch {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "package.json"), "{}\n");
    await run("npm", ["install", "--no-save", "--no-audit", "--no-fund", `${name}@${VERSION}`], {
      cwd: folder,
    });
  }
  await run(path, ["--version"]);
  return path;
};
