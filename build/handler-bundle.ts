import { fileURLToPath } from "node:url";
import { build, type BuildOptions, type Metafile, type Plugin } from "esbuild";
import { transitions } from "../handler/transition-table.ts";
import { replacements } from "./replacements.ts";
import { replacementsPlugin } from "./replacements-plugin.ts";
import { standaloneValidators } from "./standalone-validators.ts";

/** The handler as one CommonJS file, as the Lambda runtime loads it. */
export interface HandlerBundle {
  readonly code: Uint8Array;
  readonly sourceMap: Uint8Array;
  /** What went into it, for analyses. */
  readonly metafile: Metafile;
}

export const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** How a small bundle that starts fast is made of TypeScript, whatever it is a bundle of. */
export const bundleSettings = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  // Packages' ES modules can be shaken; their CommonJS builds cannot.
  mainFields: ["module", "main"],
  minify: true,
  // CommonJS loads Node's modules by require at once; import() goes through the loader of ES modules.
  supported: { "dynamic-import": false },
  legalComments: "none",
} satisfies BuildOptions;

/**
 * Bundles handler/index.ts with all it needs, the AWS SDK included: the runtime's own copy starts slower and changes
 * without notice. The same sources give the same bytes, wherever and whenever they are built.
 */
export const bundleHandler = async (): Promise<HandlerBundle> => {
  const { outputFiles, metafile } = await build({
    ...bundleSettings,
    absWorkingDir: REPOSITORY,
    entryPoints: ["handler/index.ts"],
    outfile: "index.js",
    write: false,
    sourcemap: "external",
    metafile: true,
    plugins: [standaloneValidatorsPlugin, foldingRulesPlugin, replacementsPlugin(replacements)],
    logLevel: "silent",
  });
  const file = (name: string): Uint8Array => {
    const contents = outputFiles.find(({ path }) => path.endsWith(name))?.contents;
    if (contents === undefined) throw new Error(`esbuild did not write ${name}`);
    return contents;
  };
  return { code: file("index.js"), sourceMap: file("index.js.map"), metafile };
};

const standaloneValidatorsPlugin: Plugin = {
  name: "standalone-validators",
  setup: (esbuild) => {
    esbuild.onLoad({ filter: /[\\/]handler[\\/]validators\.ts$/ }, () => ({
      contents: standaloneValidators(),
      loader: "js",
    }));
  },
};

/** The function folds events; what the table tells the tools (statuses, seenAs) stays out of it. */
const foldingRulesPlugin: Plugin = {
  name: "folding-rules",
  setup: (esbuild) => {
    esbuild.onLoad({ filter: /[\\/]handler[\\/]transitions\.json$/ }, () => ({
      contents: JSON.stringify({
        protected: transitions.protected,
        events: transitions.events.map((rule) => ({ ...rule, seenAs: undefined })),
      }),
      loader: "json",
    }));
  },
};
