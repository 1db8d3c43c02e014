import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, symlink, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { unzipSync } from "fflate";
import { buildHandlerArtifact, type HandlerArtifact } from "../../build/handler-artifact.ts";
import { REPOSITORY } from "../../build/handler-bundle.ts";

const run = promisify(execFile);

describe("the handler's artifact", () => {
  let directory: string;
  let artifact: HandlerArtifact;
  let zip: Buffer;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "artifact-"));
    artifact = await buildHandlerArtifact(join(directory, "dist"));
    zip = await readFile(artifact.zipPath);
  });
  after(() => rm(directory, { recursive: true }));

  it("is a zip of one file, index.js, without its source map", async () => {
    const files = unzipSync(zip);
    expect(Object.keys(files)).to.deep.equal(["index.js"]);
    expect(Buffer.from(files["index.js"] ?? []).equals(await readFile(artifact.bundlePath))).to.equal(true);
    expect(await readFile(artifact.bundlePath, "utf8")).not.to.contain("sourceMappingURL");
  });

  it("keeps the source map beside the bundle", async () => {
    const map = JSON.parse(await readFile(`${artifact.bundlePath}.map`, "utf8")) as { sources: string[] };
    expect(map.sources.some((source) => source.endsWith("handler/index.ts"))).to.equal(true);
  });

  it("has the code hash that Lambda would report", () => {
    expect(artifact.codeSha256).to.equal(createHash("sha256").update(zip).digest("base64"));
  });

  it("leaves nothing unfinished behind", async () => {
    const files = await readdir(join(directory, "dist"), { recursive: true });
    expect(files.sort()).to.deep.equal([
      "handler",
      "handler.zip",
      "handler/index.js",
      "handler/index.js.map",
      "handler/package.json",
    ]);
  });

  it("is the same wherever, whenever and by whomever it is built", async () => {
    const copy = join(directory, "a copy");
    for (const entry of ["build", "checklist", "handler", "package.json", "tsconfig.json"]) {
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
