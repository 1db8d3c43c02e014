import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Metafile } from "esbuild";
import { bundleHandler, REPOSITORY } from "./handler-bundle.ts";
import { checkTransitions } from "./transitions-check.ts";
import { codeSha256, zipHandler } from "./handler-zip.ts";

/** What a build leaves in `dist/`. */
export interface HandlerArtifact {
  readonly bundlePath: string;
  readonly bundleBytes: number;
  readonly zipPath: string;
  readonly zipBytes: number;
  readonly codeSha256: string;
  readonly metafile: Metafile;
}

/**
 * Builds the handler into `dist/handler/index.js`, its source map beside it, and `dist/handler.zip`. The package.json
 * there lets Node load the bundle as Lambda does, which finds it without this repository's `"type": "module"` above.
 * Each file appears whole or not at all.
 * @throws {TransitionsError} when handler/transitions.json is wrong.
 */
export const buildHandlerArtifact = async (dist = join(REPOSITORY, "dist")): Promise<HandlerArtifact> => {
  checkTransitions();
  const { code, sourceMap, metafile } = await bundleHandler();
  const zip = zipHandler(code);
  const bundlePath = join(dist, "handler", "index.js");
  const zipPath = join(dist, "handler.zip");
  await writeWhole(bundlePath, code);
  await writeWhole(`${bundlePath}.map`, sourceMap);
  await writeWhole(join(dist, "handler", "package.json"), Buffer.from('{ "type": "commonjs" }\n'));
  await writeWhole(zipPath, zip);
  return {
    bundlePath,
    bundleBytes: code.length,
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
