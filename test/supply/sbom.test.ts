import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Metafile } from "esbuild";
import lockfile from "../../package-lock.json" with { type: "json" };
import { thirdPartyNotices } from "../../supply/notices.ts";
import { zipPackages } from "../../supply/zip-packages.ts";
import { builtFunction } from "../build/built-function.ts";
import { repository } from "../docs/documents.ts";

/** As esbuild describes a bundle that is made of these files. */
const metafileOf = (...inputs: readonly string[]): Metafile => ({
  inputs: {},
  outputs: {
    "index.js": {
      bytes: 0,
      imports: [],
      exports: [],
      inputs: Object.fromEntries(inputs.map((input) => [input, { bytesInOutput: 1 }])),
    },
  },
});

describe("The packages of the zip", () => {
  it("are those of which the bundle has code, nested ones and scoped ones too", () => {
    const packages = {
      "node_modules/@a/b": { version: "1.0.0", license: "MIT" },
      "node_modules/c": { version: "2.0.0", license: "ISC" },
      "node_modules/c/node_modules/d": { version: "3.0.0", license: "Apache-2.0" },
      "node_modules/unused": { version: "4.0.0", license: "MIT" },
    };
    const metafile = metafileOf(
      "handler/index.ts",
      "node_modules/c/node_modules/d/lib/x.js",
      "node_modules/@a/b/index.js",
      "node_modules/@a/b/other.js",
    );
    expect(
      zipPackages(metafile, { lockfileVersion: 3, packages }).map(
        ({ name, version, license }) => `${name} ${version} ${license}`,
      ),
    ).to.deep.equal(["@a/b 1.0.0 MIT", "d 3.0.0 Apache-2.0"]);
  });

  it("are refused when they or their licences are not known", () => {
    const judge = (packages: object) => () =>
      zipPackages(metafileOf("node_modules/a/x.js"), { lockfileVersion: 3, packages: { ...packages } });
    expect(judge({})).to.throw("package-lock.json does not know node_modules/a");
    expect(judge({ "node_modules/a": { version: "1.0.0" } })).to.throw("The licence of a is not known");
  });

  it("have their licences' texts and notices beside the zip, or the notices are not written", async () => {
    const folder = mkdtempSync(join(tmpdir(), "notices-"));
    try {
      const locked = { version: "1.0.0", license: "Apache-2.0" };
      const one = { path: "node_modules/a", name: "a", ...locked, locked };
      mkdirSync(join(folder, one.path), { recursive: true });
      writeFileSync(join(folder, one.path, "NOTICE"), "Made by A.");
      const refused = await thirdPartyNotices([one], folder).catch((error: unknown) => String(error));
      expect(refused).to.equal("Error: a comes without the text of its licence, Apache-2.0");
      writeFileSync(join(folder, one.path, "LICENSE.txt"), "Do as you like.");
      expect(await thirdPartyNotices([one], folder)).to.match(
        /\na 1\.0\.0 \(Apache-2\.0\)\n\nDo as you like\.\n\nMade by A\.\n$/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("are listed by npm run sbom, each with its licence: all of them, and no others", async () => {
    execFileSync(process.execPath, ["--import", "tsx", "supply/sbom.ts"], { cwd: repository });
    const { metadata, components } = JSON.parse(readFileSync(join(repository, "dist/sbom.json"), "utf8")) as {
      metadata: { component: { name: string } };
      components: {
        name: string;
        version: string;
        licenses: { license: { id: string } }[];
        hashes: object[];
      }[];
    };
    expect(metadata.component.name).to.equal("ecs-tenant-event-handler.zip");
    const inZip = zipPackages((await builtFunction()).contents, lockfile);
    expect(
      components.map(
        ({ name, version, licenses }) => `${name} ${version} ${licenses[0]?.license.id ?? "unknown"}`,
      ),
    ).to.have.members(inZip.map(({ name, version, license }) => `${name} ${version} ${license}`));
    expect(components.map(({ name }) => name)).to.include.members(["winston", "@smithy/core"]);
    for (const { hashes } of components) expect(hashes).to.have.lengthOf(1);
    const notices = readFileSync(join(repository, "dist/third-party-notices.txt"), "utf8");
    for (const { name, version, license } of inZip)
      expect(notices).to.include(`\n${name} ${version} (${license})\n`);
  });
});
