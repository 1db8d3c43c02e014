import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { currentHandlerZip, HandlerZipError } from "../../build/current-handler-zip.ts";
import { codeSha256 } from "../../build/handler-zip.ts";

describe("currentHandlerZip", () => {
  let dist: string;

  beforeEach(() => {
    dist = mkdtempSync(join(tmpdir(), "dist-"));
  });

  afterEach(() => {
    rmSync(dist, { recursive: true });
  });

  it("builds the zip when there is none, and tells its digest", async () => {
    const { path, codeSha256: digest } = await currentHandlerZip(undefined, dist);
    expect(path).to.equal(join(dist, "handler.zip"));
    expect(digest).to.equal(codeSha256(readFileSync(path)));
  });

  it("leaves an up-to-date zip alone", async () => {
    const first = await currentHandlerZip(undefined, dist);
    const { ino } = statSync(first.path);
    expect(await currentHandlerZip(undefined, dist)).to.deep.equal(first);
    expect(statSync(first.path).ino).to.equal(ino);
  });

  it("builds it again when the sources are no longer those that it was made from", async () => {
    const { path } = await currentHandlerZip(undefined, dist);
    const { ino } = statSync(path);
    const stamp = join(dist, "handler.zip.stamp");
    writeFileSync(stamp, readFileSync(stamp, "utf8").replace(/^.*/, "other sources"));
    await currentHandlerZip(undefined, dist);
    expect(statSync(path).ino).to.not.equal(ino);
  });

  it("builds it again when it is not what the build left", async () => {
    const { path, codeSha256: digest } = await currentHandlerZip(undefined, dist);
    writeFileSync(path, "PK\u0003\u0004 something else");
    await currentHandlerZip(undefined, dist);
    expect(codeSha256(readFileSync(path))).to.equal(digest);
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
