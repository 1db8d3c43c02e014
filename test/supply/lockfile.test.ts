import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import packageJson from "../../package.json" with { type: "json" };
import lockfile from "../../package-lock.json" with { type: "json" };
import { type LockedPackage, lockfileProblems } from "../../supply/lockfile.ts";
import { bundledProgram } from "../bundled-program.ts";
import { repository } from "../docs/documents.ts";

const integrity = `sha512-${"A".repeat(86)}==`;
const problemsOf = (packages: Record<string, LockedPackage>): readonly string[] =>
  lockfileProblems({ lockfileVersion: 3, packages: { "": {}, ...packages } });

describe("The lock file's check", () => {
  it("finds nothing in this repository's", () => {
    expect(lockfileProblems(lockfile)).to.deep.equal([]);
  });

  it("is part of npm run lockfile", () => {
    expect(packageJson.scripts.lockfile).to.match(/ && tsx supply\/check-lockfile\.ts$/);
  });

  for (const [what, entry, problem] of [
    ["has neither address nor checksum", { version: "1.0.0" }, "has no checksum"],
    [
      "has an address but no checksum",
      { resolved: "https://registry.npmjs.org/a/-/a-1.tgz" },
      "has no checksum",
    ],
    [
      "comes from elsewhere",
      { integrity, resolved: "https://packages.example/a-1.tgz" },
      "comes from https://packages.example/a-1.tgz",
    ],
    [
      "comes without TLS",
      { integrity, resolved: "http://registry.npmjs.org/a/-/a-1.tgz" },
      "comes from http:",
    ],
    [
      "comes from a host that begins like the registry",
      { integrity, resolved: "https://registry.npmjs.org.example/a" },
      "comes from",
    ],
    ["comes from a repository", { resolved: "git+ssh://git@github.com/a/a.git#0" }, "comes from git+ssh:"],
    ["has a weak checksum", { integrity: "sha1-x" }, "has the weak checksum sha1-x"],
    ["is a link", { link: true, resolved: "../a" }, "is a folder of this machine"],
    ["says it comes inside another, which there is not", { inBundle: true }, "has no checksum"],
  ] as [string, LockedPackage, string][]) {
    it(`finds a package that ${what}`, () => {
      const [found, ...more] = problemsOf({ "node_modules/a": entry, "node_modules/b": { integrity } });
      expect(more).to.deep.equal([]);
      expect(found).to.include(`node_modules/a ${problem}`);
    });
  }

  it("lets a package come inside another that brings packages along, and has a checksum", () => {
    const inner = { "node_modules/outer/node_modules/@x/inner": { inBundle: true } };
    const bundleDependencies = ["@x/inner"];
    expect(problemsOf({ "node_modules/outer": { integrity, bundleDependencies }, ...inner })).to.deep.equal(
      [],
    );
    expect(problemsOf({ "node_modules/outer": { integrity }, ...inner })).to.deep.equal([
      "node_modules/outer/node_modules/@x/inner has no checksum",
    ]);
    expect(problemsOf({ "node_modules/outer": { bundleDependencies }, ...inner })).to.have.lengthOf(2);
  });

  describe("as a program", () => {
    let folder: string;
    let program: string;
    before(async () => {
      program = await bundledProgram("supply/check-lockfile.ts");
      folder = mkdtempSync(join(tmpdir(), "lockfile-"));
    });
    after(() => {
      rmSync(folder, { recursive: true });
    });

    const check = (content: string): { status: number | null; stderr: string } => {
      const file = join(folder, "package-lock.json");
      writeFileSync(file, content);
      return run(file);
    };
    const run = (file: string): { status: number | null; stderr: string } =>
      spawnSync(process.execPath, [program, file], { cwd: repository, encoding: "utf8" });

    it("fails, and prints names that are harmless", () => {
      const packages = { "": {}, "node_modules/a\u001b[2J": {} };
      const { status, stderr } = check(JSON.stringify({ lockfileVersion: 3, packages }));
      expect(stderr).to.equal("node_modules/a\\u001b[2J has no checksum\n");
      expect(status).to.equal(1);
    });

    for (const [what, content, message] of [
      ["is cut off", '{"lockfileVersion": 3, "pack', "is not JSON: "],
      ["says nothing of packages", '{"lockfileVersion": 3}', "is no lock file: it must have packages"],
      ["has no packages but null", '{"packages": {"node_modules/a": null}}', "is no lock file"],
      ["is a list", "[]", "is no lock file"],
    ] as const) {
      it(`says so in one line when the file ${what}`, () => {
        const { status, stderr } = check(content);
        expect(stderr)
          .to.match(/^[^\n]+package-lock\.json [^\n]+\n$/)
          .and.include(message);
        expect(status).to.equal(2);
      });
    }

    it("says so in one line when there is no such file", () => {
      const { status, stderr } = run(join(folder, "none"));
      expect(stderr).to.match(/^Cannot read [^\n]+none: ENOENT[^\n]+\n$/);
      expect(status).to.equal(2);
    });
  });
});
