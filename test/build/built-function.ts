import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { unzipSync } from "fflate";
import { currentBuild } from "../../build/current-build.ts";
import { buildHandlerArtifact } from "../../build/handler-artifact.ts";
import { REPOSITORY } from "../../build/handler-bundle.ts";
import { lazy } from "../../checklist/lazy.ts";
import { makeOwnFolder } from "../own-folder.ts";

const newFolder = (): string => makeOwnFolder(tmpdir(), "built-function-");

/** What `npm run build` leaves. A process that runs tests builds it once: only read it. */
export const builtFunction = lazy(() => buildHandlerArtifact(newFolder()));

/** Leaves in a folder what `npm run build` leaves there, but for what the zip was made of. */
export const copyCurrentBuild = async (dist: string): Promise<void> => {
  const { zipPath } = await currentBuild();
  await mkdir(dist, { recursive: true });
  for (const suffix of ["", ".json"])
    await copyFile(`${zipPath}${suffix}`, join(dist, `handler.zip${suffix}`));
};

/** The deployment package, unpacked as Lambda does it. Only read it. */
export const unzippedFunction = lazy(async () => {
  const { zipPath, zipBytes, codeSha256 } = await builtFunction();
  const taskRoot = newFolder();
  for (const [name, content] of Object.entries(unzipSync(await readFile(zipPath))))
    await writeFile(join(taskRoot, name), content);
  return { taskRoot, zipBytes, codeSha256, handler: join(taskRoot, "index.js") };
});

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
