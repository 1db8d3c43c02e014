import type { BuildOptions } from "esbuild";
import { lowestNodeVersion } from "../envs/runtimes.ts";

/** How a small bundle that starts fast is made of TypeScript, whatever it is a bundle of. */
export const bundleSettings = {
  bundle: true,
  platform: "node",
  target: `node${lowestNodeVersion}`,
  format: "cjs",
  // Packages' ES modules can be shaken; their CommonJS builds cannot.
  mainFields: ["module", "main"],
  minify: true,
  // CommonJS loads Node's modules by require at once; import() goes through the loader of ES modules.
  supported: { "dynamic-import": false },
  legalComments: "none",
} satisfies BuildOptions;
