import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, readdir, readFile, rm, symlink, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { unzipSync } from "fflate";
import { BUILD_INPUTS } from "../../build/current-build.ts";
import { buildHandlerArtifact, type HandlerArtifact } from "../../build/handler-artifact.ts";
import { REPOSITORY } from "../../build/handler-bundle.ts";
import { makeFolderForSources } from "../folder-for-sources.ts";

const run = promisify(execFile);

describe("the handler's artifact", () => {
  let directory: string;
  let artifact: HandlerArtifact;
  let zip: Buffer;

  before(async () => {
    directory = makeFolderForSources("handler-artifact");
    artifact = await buildHandlerArtifact(join(directory, "dist"));
    zip = await readFile(artifact.zipPath);
  });
  after(() => rm(directory, { recursive: true }));

  it("is a zip of index.js, of ecs.js, which that requires on demand, and of reconciler.js, without their source maps", async () => {
    const files = unzipSync(zip);
    expect(Object.keys(files)).to.deep.equal(["index.js", "ecs.js", "reconciler.js"]);
    for (const [name, content] of Object.entries(files)) {
      const written = await readFile(join(dirname(artifact.bundlePath), name));
      expect(written.equals(content), name).to.equal(true);
      expect(written.toString()).not.to.contain("sourceMappingURL");
    }
  });

  it("keeps the source maps beside the files, which lead to the sources from where they are", async () => {
    for (const [name, source] of [
      ["index", "handler/index.ts"],
      ["ecs", "handler/ecs.ts"],
      ["reconciler", "reconciler/index.ts"],
    ] as const) {
      const path = join(dirname(artifact.bundlePath), `${name}.js.map`);
      const { sources } = JSON.parse(await readFile(path, "utf8")) as { sources: string[] };
      // From dist/handler, where `npm run build` puts them; this folder is another one.
      expect(sources, name).to.include(`../../${source}`);
    }
  });

  it("has one copy of each module, though both of the handler's files need it", () => {
    const inputs = ["index.js", "ecs.js"].flatMap((name) =>
      Object.keys(artifact.metafile.outputs[name]?.inputs ?? {}),
    );
    expect(new Set(inputs).size).to.equal(inputs.length);
    expect(Object.keys(artifact.metafile.outputs["ecs.js"]?.inputs ?? {})).to.satisfy((names: string[]) =>
      names.every((name) => name === "handler/ecs.ts" || name.includes("/client-ecs/")),
    );
  });

  it("has the code hash that Lambda would report", () => {
    expect(artifact.codeSha256).to.equal(createHash("sha256").update(zip).digest("base64"));
  });

  it("leaves nothing unfinished behind", async () => {
    const files = await readdir(dirname(artifact.zipPath), { recursive: true });
    expect(files.sort()).to.deep.equal([
      "handler",
      "handler.zip",
      "handler/ecs.js",
      "handler/ecs.js.map",
      "handler/index.js",
      "handler/index.js.map",
      "handler/package.json",
      "handler/reconciler.js",
      "handler/reconciler.js.map",
    ]);
  });

  it("is the same wherever, whenever and by whomever it is built", async () => {
    const copy = join(directory, "a copy");
    // With nothing but these: what a build needs beside them would not make an old zip stale.
    for (const entry of BUILD_INPUTS) {
      await cp(join(REPOSITORY, entry), join(copy, entry), { recursive: true });
    }
    await symlink(join(REPOSITORY, "node_modules"), join(copy, "node_modules"));
    for (const path of await readdir(copy, { recursive: true })) {
      if (!path.startsWith("node_modules")) await utimes(join(copy, path), 1_000_000_000, 1_000_000_000);
    }
    await run("sh", ["-c", 'umask 077; exec "$0" --import tsx build/main.ts', process.execPath], {
      cwd: copy,
      // eslint-disable-next-line no-restricted-syntax -- the child needs its PATH
      env: { ...process.env, TZ: "Pacific/Kiritimati", LC_ALL: "tr_TR.UTF-8" },
    });

    const digest = (content: Buffer): string => createHash("sha256").update(content).digest("hex");
    expect(digest(await readFile(join(copy, "dist", "handler.zip")))).to.equal(digest(zip));
  });
});
