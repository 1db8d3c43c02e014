import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { unzipSync } from "fflate";
import { currentBuild } from "../../build/current-build.ts";
import { REPOSITORY } from "../../build/handler-bundle.ts";
import { codeSha256 } from "../../build/code-sha256.ts";
import { lazy } from "../../checklist/lazy.ts";
import { makeOwnFolder } from "../own-folder.ts";

/**
 * The deployment package of the sources as they are now, unpacked as Lambda does it. Only read it. It is built when `dist/` has none of
 * these sources: not once more by each process that runs tests.
 */
export const builtFunction = lazy(async () => {
  const { zipPath, contents, ...current } = await currentBuild();
  const zip = await readFile(zipPath);
  if (codeSha256(zip) !== current.codeSha256)
    throw new Error("The sources have changed while the tests were running: run them again");
  const taskRoot = newFolder();
  for (const [name, content] of Object.entries(unzipSync(zip)))
    await writeFile(join(taskRoot, name), content);
  return { ...current, zip, contents, taskRoot, bundlePath: join(taskRoot, "index.js") };
});

/** Leaves in a folder what `npm run build` leaves there, but for what the zip was made of. */
export const copyCurrentBuild = async (dist: string): Promise<void> => {
  const { zipPath } = await currentBuild();
  await mkdir(dist, { recursive: true });
  for (const suffix of ["", ".json"])
    await copyFile(`${zipPath}${suffix}`, join(dist, `handler.zip${suffix}`));
};

/** Where the unbundled handler finds its packages; set `NODE_PATH` to it. */
export const PACKAGES = join(REPOSITORY, "node_modules");

/**
 * The handler as one file that requires its packages as npm installed them: without the bundle's replacements, and so what the
 * bundle is to be compared with.
 */
export const unbundledHandler = lazy(async () => {
  const outfile = join(newFolder(), "unbundled.cjs");
  await build({
    absWorkingDir: REPOSITORY,
    entryPoints: ["handler/index.ts"],
    bundle: true,
    packages: "external",
    platform: "node",
    format: "cjs",
    outfile,
    logLevel: "silent",
  });
  return outfile;
});

const newFolder = (): string => makeOwnFolder(tmpdir(), "built-function-");
