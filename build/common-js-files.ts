import { isBuiltin } from "node:module";
import { basename, parse } from "node:path";
import { build, type Metafile, type OutputFile, type Plugin } from "esbuild";
import { bundleSettings } from "./bundle-settings.ts";
import type { MappedScript } from "./eager-functions.ts";

/** A bundle as CommonJS files, as the Lambda runtime loads them. */
export interface CommonJsFiles {
  /** By name: `index.js`, and those that it requires on demand, such as `ecs.js`. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** By the name of their file. */
  readonly sourceMaps: Readonly<Record<string, Uint8Array>>;
  /** What went into each file, for analyses. */
  readonly metafile: Metafile;
}

type EsbuildOutput = Metafile["outputs"][string];

/**
 * Makes CommonJS files of a bundle that esbuild has split into ES modules: the entry, which holds what it shares with the
 * others, and a file for each module that is imported on demand.
 * @param finishEntry changes the entry once it is CommonJS.
 * @throws {Error} when a file would look for a package at run time.
 */
export const toCommonJs = async (
  modules: readonly OutputFile[],
  { inputs, outputs }: Metafile,
  finishEntry: (entry: MappedScript) => Promise<MappedScript>,
): Promise<CommonJsFiles> => {
  const split = Object.entries(outputs).map(([path, output]) => ({ name: basename(path), output }));
  const [shared, ...others] = split.filter(({ output }) => output.entryPoint === undefined);
  if (shared === undefined || others.length > 0)
    throw new Error("esbuild did not put what is shared into one file");
  const entry = split.find(({ name }) => name === ENTRY);
  if (entry === undefined) throw new Error(`esbuild did not write ${ENTRY}`);
  // esbuild also writes files that nothing is left to import.
  const onDemand = split.filter(({ name }) =>
    shared.output.imports.some(({ path, kind }) => kind === "dynamic-import" && basename(path) === name),
  );

  const texts = new Map(modules.map(({ path, text }) => [basename(path), text]));
  const names = new Map(onDemand.map(({ name, output }) => [name, fileNameOf(output)]));
  const exported = new Map([shared, entry].map(({ name, output }) => [name, output.exports]));
  const { outputFiles } = await build({
    ...bundleSettings,
    // Where it is not Node, esbuild leaves out the list of exports that only importing ES modules would read.
    platform: "neutral",
    entryPoints: [
      { in: `./${WHOLE_ENTRY}`, out: "index" },
      ...onDemand.map(({ name, output }) => ({ in: `./${name}`, out: parse(fileNameOf(output)).name })),
    ],
    outdir: "dist",
    write: false,
    sourcemap: "external",
    plugins: [splitModulesPlugin(texts, exported, names)],
    logLevel: "silent",
  });
  refusePackages([shared.output, entry.output, ...onDemand.map(({ output }) => output)]);

  const contents = new Map(outputFiles.map((file) => [basename(file.path), file.contents]));
  const files = new Map<string, EsbuildOutput>([
    [ENTRY, { ...entry.output, inputs: { ...shared.output.inputs, ...entry.output.inputs } }],
    ...onDemand.map(({ output }): [string, EsbuildOutput] => [fileNameOf(output), output]),
  ]);
  const contentOf = (name: string): Uint8Array => {
    const content = contents.get(name);
    if (content === undefined) throw new Error(`esbuild did not write ${name}`);
    return content;
  };
  const decoder = new TextDecoder();
  const { code, sourceMap } = await finishEntry({
    code: decoder.decode(contentOf(ENTRY)),
    sourceMap: decoder.decode(contentOf(`${ENTRY}.map`)),
  });
  const encoder = new TextEncoder();
  contents.set(ENTRY, encoder.encode(code)).set(`${ENTRY}.map`, encoder.encode(sourceMap));
  return {
    files: Object.fromEntries([...files.keys()].map((name) => [name, contentOf(name)])),
    sourceMaps: Object.fromEntries([...files.keys()].map((name) => [name, contentOf(`${name}.map`)])),
    metafile: {
      inputs,
      outputs: Object.fromEntries(
        [...files].map(([name, output]) => [name, { ...output, bytes: contentOf(name).length }]),
      ),
    },
  };
};

const ENTRY = "index.js";

/** What is shared and the entry. */
const WHOLE_ENTRY = "whole-entry";

const fileNameOf = ({ entryPoint = "" }: EsbuildOutput): string => `${parse(entryPoint).name}.js`;

/**
 * The entry is bundled with what is shared, which the other files then find by requiring the entry. It exports plain values: esbuild would
 * make a getter for each, by code that runs whenever the function starts.
 */
const splitModulesPlugin = (
  texts: ReadonlyMap<string, string>,
  exported: ReadonlyMap<string, readonly string[]>,
  onDemand: ReadonlyMap<string, string>,
): Plugin => ({
  name: "split-modules",
  setup: (esbuild) => {
    esbuild.onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
      const name = basename(path);
      if (!path.startsWith(".")) return { path, external: true };
      if (kind === "dynamic-import") return { path: `./${onDemand.get(name) ?? name}`, external: true };
      if (onDemand.has(importer) && exported.has(name)) return { path: `./${ENTRY}`, external: true };
      return { path: name, namespace: "split" };
    });
    const imports = [...exported].map(([name, names]) => `import { ${names.join()} } from "./${name}";`);
    const whole = `${imports.join("")} module.exports = { ${[...exported.values()].flat().join()} };`;
    esbuild.onLoad({ filter: /.*/, namespace: "split" }, ({ path }) => ({
      contents: path === WHOLE_ENTRY ? whole : (texts.get(path) ?? ""),
      loader: "js",
    }));
  },
});

/** @throws {Error} when a file would look for a package at run time. */
export const refusePackages = (outputs: readonly EsbuildOutput[]): void => {
  for (const { imports } of outputs) {
    const found = imports.find(({ path, external }) => external === true && !isBuiltin(path));
    if (found !== undefined)
      throw new Error(`The function would look for the package ${found.path} at run time`);
  }
};
