import { join } from "node:path";
import { build } from "esbuild";
import { REPOSITORY } from "../../build/handler-bundle.ts";

/** Where the unbundled handler finds its packages; set `NODE_PATH` to it. */
export const PACKAGES = join(REPOSITORY, "node_modules");

/**
 * Writes the handler as one file that requires its packages as npm installed them: without the bundle's replacements,
 * and so what the bundle is to be compared with.
 */
export const buildUnbundledHandler = async (directory: string): Promise<string> => {
  const outfile = join(directory, "unbundled.cjs");
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: ["handler/index.ts"],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    outfile,
    logLevel: "silent",
  });
  return outfile;
};
