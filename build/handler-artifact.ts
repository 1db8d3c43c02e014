import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Metafile } from "esbuild";
import { bundleFunctions } from "./function-bundles.ts";
import { REPOSITORY } from "./handler-bundle.ts";
import { checkTransitions } from "./transitions-check.ts";
import { codeSha256 } from "./code-sha256.ts";
import { zipFunction } from "./handler-zip.ts";

/** What a build leaves in `dist/`. */
export interface HandlerArtifact {
  /** Of `index.js`; the other files are beside it. */
  readonly bundlePath: string;
  /** By the file's name. */
  readonly fileBytes: Readonly<Record<string, number>>;
  readonly zipPath: string;
  readonly zipBytes: number;
  readonly codeSha256: string;
  readonly metafile: Metafile;
}

/**
 * Builds both functions into `dist/handler/`, the files' source maps beside them, and `dist/handler.zip`. The package.json
 * there lets Node load the bundle as Lambda does, which finds it without this repository's `"type": "module"` above.
 * Each file appears whole or not at all.
 * @throws {TransitionsError} when handler/transitions.json is wrong.
 */
export const buildHandlerArtifact = async (dist = join(REPOSITORY, "dist")): Promise<HandlerArtifact> => {
  checkTransitions();
  const { files, sourceMaps, metafile } = await bundleFunctions();
  const zip = await zipFunction(files);
  const folder = join(dist, "handler");
  const zipPath = join(dist, "handler.zip");
  for (const [name, code] of Object.entries(files)) await writeWhole(join(folder, name), code);
  for (const [name, map] of Object.entries(sourceMaps)) await writeWhole(join(folder, `${name}.map`), map);
  await writeWhole(join(folder, "package.json"), Buffer.from('{ "type": "commonjs" }\n'));
  await writeWhole(zipPath, zip);
  return {
    bundlePath: join(folder, "index.js"),
    fileBytes: Object.fromEntries(Object.entries(files).map(([name, { length }]) => [name, length])),
    zipPath,
    zipBytes: zip.length,
    codeSha256: codeSha256(zip),
    metafile,
  };
};

const writeWhole = async (path: string, content: Uint8Array): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  await writeFile(unfinished, content);
  await rename(unfinished, path);
};
