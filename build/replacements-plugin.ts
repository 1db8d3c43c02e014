import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";
import type { Replacement } from "./replacements.ts";

/**
 * Puts the replacements into the modules that esbuild loads. An entry that no longer matches its library, or whose
 * module the bundle does not contain, fails the build: the entry's reason may no longer hold.
 */
export const replacementsPlugin = (replacements: readonly Replacement[]): Plugin => ({
  name: "replacements",
  setup: (esbuild) => {
    const applied = new Set<Replacement>();
    esbuild.onLoad({ filter: /[\\/]node_modules[\\/]/ }, async ({ path }) => {
      const module = path.replaceAll("\\", "/").split("/node_modules/").at(-1);
      const replacement = replacements.find((candidate) => candidate.module === module);
      if (replacement === undefined) return undefined;
      applied.add(replacement);
      return {
        contents: replace(await readFile(path, "utf8"), replacement),
        loader: path.endsWith(".json") ? "json" : "js",
      };
    });
    esbuild.onEnd(() => ({
      errors: replacements
        .filter((replacement) => !applied.has(replacement))
        .map(({ module }) => ({
          text: `build/replacements.ts names ${module}, which the bundle does not contain`,
        })),
    }));
  },
});

const replace = (source: string, replacement: Replacement): string => {
  const { module, original } = replacement;
  const digest = createHash("sha256").update(source).digest("hex");
  if (original !== undefined && digest !== original) {
    throw new Error(
      `${module} has changed since build/replacements.ts replaced it: check that the reason still holds, ` +
        `then set its original to ${digest}`,
    );
  }
  if ("contents" in replacement) return replacement.contents;
  const { passage, put } = replacement;
  const replaced = source.replace(passage, put);
  if (replaced === source)
    throw new Error(`${module} no longer has the passage that build/replacements.ts replaces`);
  return replaced;
};
