import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleSettings } from "../build/bundle-settings.ts";

/** Writes lent-table.ts as a file that Node runs alone, as it does a container. @returns its path. */
export const bundleLentTable = async (folder: string): Promise<string> => {
  const outfile = join(folder, "lent-table.cjs");
  await build({
    ...bundleSettings,
    entryPoints: [fileURLToPath(new URL("lent-table.ts", import.meta.url))],
    outfile,
    minify: false,
    // dynalite's store of files and its own in memory, which are not used here.
    alias: { level: "node:events", "memory-level": "node:events" },
  });
  return outfile;
};
