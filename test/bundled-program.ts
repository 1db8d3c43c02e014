import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type Plugin } from "esbuild";
import { makeOwnFolder } from "./own-folder.ts";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/**
 * A program of this repository as JavaScript in few files, its packages included, for tests that start it many times: to have tsx
 * compile it, and Node.js find the files of every package, takes longer than all that it does.
 * @param entry such as `ops/main.ts`.
 * @param instead by a source's path in the repository: what the program gets in its place.
 * @returns its path; the file is gone when this process ends.
 */
export const bundledProgram = (
  entry: string,
  instead: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const key = JSON.stringify([entry, instead]);
  const known = programs.get(key) ?? bundle(entry, instead);
  programs.set(key, known);
  return known;
};

/** A process that runs tests bundles a program once. */
const programs = new Map<string, Promise<string>>();

const bundle = async (entry: string, instead: Readonly<Record<string, string>>): Promise<string> => {
  const outdir = join(bundles(), `${programs.size}-${entry.replaceAll("/", "-")}`);
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: { program: entry },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    // What a program loads only when it needs it, it does not load at its start here, either.
    splitting: true,
    external: ["@stryker-mutator/*"],
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    banner: { js: REQUIRE },
    plugins: [sourcesOf(instead), packagesBeside],
    logLevel: "error",
  });
  return join(outdir, "program.mjs");
};

/**
 * Packages that look for files beside their own stay where they are. The program requires them: of what is CommonJS and is imported, Node.js
 * reads every file twice, the first time only to learn what it exports.
 */
const packagesBeside: Plugin = {
  name: "packages-beside",
  setup: (bundling) => {
    const namespace = "required";
    bundling.onResolve(
      { filter: /^(@cdktf|cdktf|constructs|dynalite|esbuild|playwright-core)(\/|$)/ },
      ({ path, kind }) => (kind === "require-call" ? { path, external: true } : { path, namespace }),
    );
    bundling.onLoad({ filter: /^/, namespace }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/** What is CommonJS asks for Node.js's own modules so. */
const REQUIRE = `import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);`;

let folder: string | undefined;

/** Below the packages, where Node.js finds them. */
const bundles = (): string =>
  (folder ??= makeOwnFolder(join(REPOSITORY, "node_modules", ".cache"), "programs-"));

/** Sources find files beside them by where they are. */
const sourcesOf = (instead: Readonly<Record<string, string>>): Plugin => ({
  name: "sources",
  setup: (bundling) => {
    bundling.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (instead[relative(REPOSITORY, path)] ?? (await readFile(path, "utf8"))).replaceAll(
        "import.meta.url",
        JSON.stringify(pathToFileURL(path).href),
      ),
      loader: "ts",
    }));
  },
});
