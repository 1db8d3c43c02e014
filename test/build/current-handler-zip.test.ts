import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { currentBuild } from "../../build/current-build.ts";
import { currentHandlerZip, HandlerZipError } from "../../build/current-handler-zip.ts";
import { codeSha256 } from "../../build/code-sha256.ts";

describe("currentHandlerZip", () => {
  let dist: string;

  beforeEach(() => {
    dist = mkdtempSync(join(tmpdir(), "dist-"));
  });

  afterEach(() => {
    rmSync(dist, { recursive: true });
  });

  it("is that of the current build when none is given", async () => {
    const { zipPath, codeSha256 } = await currentBuild();
    expect(await currentHandlerZip(undefined)).to.deep.equal({ path: zipPath, codeSha256 });
  });

  it("takes the zip that is given, under the name that all have", async () => {
    const given = join(dist, "release-7.zip");
    writeFileSync(given, "PK\u0003\u0004 release 7");
    const { path, codeSha256: digest } = await currentHandlerZip(given, dist);
    expect(path).to.match(/[\\/]handler\.zip$/);
    expect(readFileSync(path, "utf8")).to.equal("PK\u0003\u0004 release 7");
    expect(digest).to.equal(codeSha256(readFileSync(given)));
  });

  for (const [title, content] of [
    ["empty", ""],
    ["no zip", "#!/bin/sh"],
  ] as const) {
    it(`refuses a file that is ${title}`, async () => {
      const given = join(dist, "given.zip");
      writeFileSync(given, content);
      expect(await failure(currentHandlerZip(given, dist))).to.be.instanceOf(HandlerZipError);
    });
  }

  it("refuses a file that does not exist, naming it", async () => {
    expect(await failure(currentHandlerZip(join(dist, "none.zip"), dist)))
      .to.be.instanceOf(HandlerZipError)
      .with.property("message", `There is no file ${join(dist, "none.zip")}`);
  });
});

const failure = async (promise: Promise<unknown>): Promise<unknown> => {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
};
