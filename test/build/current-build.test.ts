import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sinon from "sinon";
import { BUILD_INPUTS, type BuildInto, type CurrentBuild, currentBuild } from "../../build/current-build.ts";
import { codeSha256 } from "../../build/code-sha256.ts";

describe("currentBuild", () => {
  let built: string;
  let first: CurrentBuild;
  let dist: string;

  before(async () => {
    built = mkdtempSync(join(tmpdir(), "built-"));
    first = await currentBuild(built);
  });
  after(() => {
    rmSync(built, { recursive: true });
  });
  beforeEach(async () => {
    dist = mkdtempSync(join(tmpdir(), "dist-"));
    await cp(built, dist, { recursive: true });
  });
  afterEach(() => {
    rmSync(dist, { recursive: true });
  });

  it("builds the zip when there is none, and tells its digest and what is in it", () => {
    expect(first.zipPath).to.equal(join(built, "handler.zip"));
    expect(first.codeSha256).to.equal(codeSha256(readFileSync(first.zipPath)));
    expect(Object.keys(first.contents.outputs)).to.have.members(["index.js", "ecs.js", "reconciler.js"]);
  });

  it("leaves an up-to-date zip alone, and tells the same of it", async () => {
    const build = sinon.fake.rejects("built again");
    expect(await currentBuild(dist, build)).to.deep.equal({ ...first, zipPath: join(dist, "handler.zip") });
  });

  it("knows every source that the zip is made from", () => {
    const sources = Object.values(first.contents.outputs)
      .flatMap(({ inputs }) => Object.keys(inputs))
      .filter((path) => !path.startsWith("node_modules/"));
    expect(sources).to.include("handler/index.ts");
    expect(
      sources.filter((path) => !BUILD_INPUTS.some((input) => path === input || path.startsWith(`${input}/`))),
    ).to.deep.equal([]);
  });

  const stale: readonly (readonly [string, (zip: string, record: string) => void])[] = [
    [
      "is of other sources",
      (_, record) => {
        writeFileSync(record, readFileSync(record, "utf8").replace(/"inputs":"./, '"inputs":"?'));
      },
    ],
    [
      "has a record that was not written to its end",
      (_, record) => {
        writeFileSync(record, readFileSync(record).subarray(0, 1000));
      },
    ],
    [
      "is not what the build left",
      (zip) => {
        writeFileSync(zip, "PK\u0003\u0004 something else");
      },
    ],
    [
      "is gone",
      (zip) => {
        rmSync(zip);
      },
    ],
  ];
  for (const [what, spoil] of stale)
    it(`builds it again when it ${what}`, async () => {
      const zipPath = join(dist, "handler.zip");
      spoil(zipPath, join(dist, "handler.zip.json"));
      const build = sinon.fake<[string], ReturnType<BuildInto>>(async () => {
        await cp(first.zipPath, zipPath);
        return { codeSha256: first.codeSha256, metafile: { inputs: {}, ...first.contents } };
      });
      expect(await currentBuild(dist, build)).to.deep.equal({ ...first, zipPath });
      expect(build.calledOnceWithExactly(dist)).to.equal(true);
      // What it left is up to date now.
      expect(await currentBuild(dist, build)).to.deep.equal({ ...first, zipPath });
      expect(build.callCount).to.equal(1);
    });
});
