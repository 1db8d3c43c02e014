import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";
import { transitions } from "../handler/transition-table.ts";
import { bundleSettings } from "./bundle-settings.ts";
import { type CommonJsFiles, toCommonJs } from "./common-js-files.ts";
import { compileEagerly, functionsAtLoad } from "./eager-functions.ts";
import { replacements } from "./replacements.ts";
import { replacementsPlugin } from "./replacements-plugin.ts";
import { standaloneValidators } from "./standalone-validators.ts";

export const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/**
 * Bundles handler/index.ts with all it needs, the AWS SDK included: the runtime's own copy starts slower and changes
 * without notice. The same sources give the same bytes, wherever and whenever they are built.
 *
 * A container that finds its services in the directory never asks ECS, and so the client for it is a file of its own. Only
 * for ES modules does esbuild split a bundle into files that share their modules; those are then made CommonJS.
 */
export const bundleHandler = async (): Promise<CommonJsFiles> => {
  const { outputFiles, metafile } = await build({
    ...bundleSettings,
    format: "esm",
    splitting: true,
    supported: {},
    absWorkingDir: REPOSITORY,
    entryPoints: ["handler/index.ts"],
    outdir: "dist/handler",
    write: false,
    sourcemap: "inline",
    metafile: true,
    plugins: [
      standaloneValidatorsPlugin,
      foldingRulesPlugin,
      sharedModulesPlugin,
      replacementsPlugin(replacements),
    ],
    logLevel: "silent",
  });
  return toCommonJs(outputFiles, metafile, async (entry) =>
    compileEagerly(entry, await functionsAtLoad(entry.code, ENVIRONMENT)),
  );
};

/** Any function's: none of the values changes what is loaded. */
const ENVIRONMENT = {
  ENVIRONMENT: "dev",
  TENANTS_TABLE: "tenants-dev",
  SERVICES_TABLE: "services-dev",
  CLUSTER_ARN: "arn:aws:ecs:af-south-1:123456789012:cluster/tenants",
  AWS_REGION: "af-south-1",
};

/**
 * What two files share, esbuild puts into a third. Were all of the first needed by the second, too, nothing would be left
 * in it: so the function's own file holds what both need, and loading it is loading one file.
 */
const sharedModulesPlugin: Plugin = {
  name: "shared-modules",
  setup: (esbuild) => {
    esbuild.onLoad({ filter: /[\\/]handler[\\/]ecs\.ts$/ }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}\nimport "./index.ts";`,
      loader: "ts",
    }));
    // A package that a package would import on demand is not made a file of its own; toCommonJs sees to it that none does.
    esbuild.onResolve({ filter: /^[^.]/ }, ({ path, kind }) =>
      kind === "dynamic-import" && !isBuiltin(path) ? { path, external: true } : undefined,
    );
  },
};

export const standaloneValidatorsPlugin: Plugin = {
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
