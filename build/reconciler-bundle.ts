import { basename } from "node:path";
import { build, type Plugin } from "esbuild";
import { bundleSettings } from "./bundle-settings.ts";
import { type CommonJsFiles, refusePackages } from "./common-js-files.ts";
import { REPOSITORY, standaloneValidatorsPlugin } from "./handler-bundle.ts";
import { replacements } from "./replacements.ts";
import { replacementsPlugin } from "./replacements-plugin.ts";
import { standaloneReconcilerValidators } from "./standalone-validators.ts";

/**
 * Bundles reconciler/index.ts into one file, `reconciler.js`. It shares no file with the handler: what that loads must
 * not grow by what this needs.
 */
export const bundleReconciler = async (): Promise<CommonJsFiles> => {
  const { outputFiles, metafile } = await build({
    ...bundleSettings,
    absWorkingDir: REPOSITORY,
    entryPoints: { reconciler: "reconciler/index.ts" },
    outdir: "dist/handler",
    write: false,
    sourcemap: "external",
    metafile: true,
    plugins: [reconcilerValidatorsPlugin, standaloneValidatorsPlugin, replacementsPlugin(replacements)],
    logLevel: "silent",
  });
  const outputs = Object.fromEntries(
    Object.entries(metafile.outputs)
      .filter(([path]) => path.endsWith(".js"))
      .map(([path, output]) => [basename(path), output]),
  );
  refusePackages(Object.values(outputs));
  const contents = new Map(outputFiles.map((file) => [basename(file.path), file.contents]));
  const contentOf = (name: string): Uint8Array => {
    const content = contents.get(name);
    if (content === undefined) throw new Error(`esbuild did not write ${name}`);
    return content;
  };
  return {
    files: { [FILE]: contentOf(FILE) },
    sourceMaps: { [FILE]: contentOf(`${FILE}.map`) },
    metafile: { inputs: metafile.inputs, outputs },
  };
};

const FILE = "reconciler.js";

const reconcilerValidatorsPlugin: Plugin = {
  name: "reconciler-validators",
  setup: (esbuild) => {
    esbuild.onLoad({ filter: /[\\/]reconciler[\\/]validators\.ts$/ }, () => ({
      contents: standaloneReconcilerValidators(),
      loader: "js",
    }));
  },
};
