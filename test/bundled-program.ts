import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/**
 * A program of this repository as one file of JavaScript, for tests that start it many times: to have tsx compile it takes longer
 * than all that it does. The packages stay where they are.
 * @param entry such as `ops/main.ts`.
 * @returns its path; the file is gone when this process ends.
 */
export const bundledProgram = async (entry: string): Promise<string> => {
  const outfile = join(bundles(), `${entry.replaceAll("/", "-")}.mjs`);
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: [entry],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    plugins: [whereTheyWere],
    logLevel: "error",
  });
  return outfile;
};

let folder: string | undefined;

/** Below the packages, where Node.js finds them. */
const bundles = (): string => {
  if (folder !== undefined) return folder;
  const cache = join(REPOSITORY, "node_modules", ".cache");
  mkdirSync(cache, { recursive: true });
  const made = mkdtempSync(join(cache, "programs-"));
  process.once("exit", () => {
    rmSync(made, { recursive: true });
  });
  folder = made;
  return made;
};

/** Sources find files beside them by where they are. */
const whereTheyWere: Plugin = {
  name: "where-they-were",
  setup: (bundling) => {
    bundling.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replaceAll(
        "import.meta.url",
        JSON.stringify(pathToFileURL(path).href),
      ),
      loader: "ts",
    }));
  },
};
