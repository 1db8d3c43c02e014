import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "chai";
import lockfile from "../../package-lock.json" with { type: "json" };
import packageJson from "../../package.json" with { type: "json" };
import { parseAcceptedAdvisories } from "../../supply/accepted-advisories.ts";
import { readJson } from "../../supply/read-json.ts";
import { zipPackages } from "../../supply/zip-packages.ts";
import { builtFunction } from "../build/built-function.ts";
import { bundledProgram } from "../bundled-program.ts";
import { repository } from "../docs/documents.ts";
import { withoutWarnings } from "../without-warnings.ts";
import { type Registry, startRegistry } from "./registry.ts";

const acceptedFile = join(repository, "supply", "accepted-advisories.json");
const accepted = parseAcceptedAdvisories(readJson(acceptedFile));

describe("The audit of the packages", function () {
  // Each asks npm, which reads the whole lock file.
  this.timeout(120_000);
  let registry: Registry;
  let folder: string;
  let program: string;
  before(async () => {
    expect(packageJson.scripts.audit).to.equal("tsx supply/audit.ts");
    program = await bundledProgram("supply/audit.ts");
  });
  beforeEach(async () => {
    registry = await startRegistry();
    folder = mkdtempSync(join(tmpdir(), "audit-"));
  });
  afterEach(async () => {
    await registry.close();
    rmSync(folder, { recursive: true });
  });

  /** The list of the repository, which has not expired, with what a test changes. */
  const listed = (
    change: (list: Record<string, object>) => void = () => undefined,
  ): readonly Record<string, object>[] => {
    const list = Object.fromEntries(
      accepted.map(({ id, reason }) => [id, { active: true, notes: reason, expiry: "9999-12-31" }]),
    );
    change(list);
    return Object.entries(list).map(([id, content]) => ({ [id]: content }));
  };

  const audit = async (
    args: readonly string[],
    list: unknown = listed(),
    url = registry.url,
  ): Promise<{ code: unknown; stdout: string; stderr: string }> => {
    const file = join(folder, "accepted.json");
    writeFileSync(file, JSON.stringify(list));
    const child = spawn(process.execPath, [program, ...args, "--accepted", file], {
      cwd: repository,
      env: {
        // eslint-disable-next-line no-restricted-syntax -- npm has to be found
        ...process.env,
        npm_config_registry: url,
        npm_config_cache: join(folder, "cache"),
        npm_config_fetch_retries: "0",
        npm_config_audit: "true",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [[code], stdout, stderr] = await Promise.all([
      once(child, "close") as Promise<[unknown]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code, stdout, stderr: withoutWarnings(stderr) };
  };

  const found = (id: string, severity: string, name: string) => ({
    id: 1,
    url: `https://github.com/advisories/${id}`,
    title: `${name} does harm`,
    severity,
    vulnerable_versions: "*",
  });

  it("passes with what is known today: nothing in the zip, and accepted advisories of the tools", async () => {
    const { code, stdout, stderr } = await audit([]);
    expect(stderr).to.equal("");
    expect(code).to.equal(0);
    expect(stdout).to.include("What is in the zip: no advisory\n");
    expect(stdout).to.include(
      `What builds and deploys: no advisory but ${accepted.length} accepted ones: ${accepted
        .map(({ id }) => id)
        .sort()
        .join(", ")}\n`,
    );
    const [zip = {}, tools = {}] = registry.asked;
    expect(Object.keys(zip)).to.have.members(
      zipPackages((await builtFunction()).contents, lockfile).map(({ name }) => name),
    );
    expect(tools).to.include.keys("winston", "cdktf", "mocha", "archiver-utils");
  });

  it("fails for an advisory whose time is over, saying why it was accepted", async () => {
    const { code, stderr } = await audit(
      ["tools"],
      listed((list) => {
        list["GHSA-5j98-mcp5-4vw2"] = {
          active: true,
          notes: "Only its CLI.\u001b]0;x\u0007",
          expiry: "2026-01-31",
        };
      }),
    );
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /^What builds and deploys: 1 advisory that nobody has accepted\n {2}https:\/\/github\.com\/advisories\/GHSA-5j98-mcp5-4vw2, by \S*archiver-utils>glob.*: it was accepted until 2026-01-31\. Only its CLI\.\\u001b\]0;x\\u0007\n$/,
    );
  });

  it("fails for an advisory that nobody knew, saying how it comes in", async () => {
    registry.further.set("mocha", [found("GHSA-aaaa-bbbb-cccc", "critical", "mocha")]);
    const { code, stderr } = await audit(["tools"]);
    expect(code).to.equal(1);
    expect(stderr).to.equal(
      "What builds and deploys: 1 advisory that nobody has accepted\n" +
        "  https://github.com/advisories/GHSA-aaaa-bbbb-cccc, by @stryker-mutator/mocha-runner>mocha, mocha\n",
    );
  });

  it("fails for an advisory of what is in the zip, of the least severity, and though the list has it", async () => {
    registry.further.set("winston", [found("GHSA-aaaa-bbbb-cccc", "low", "winston")]);
    const { code, stderr } = await audit(
      ["zip"],
      listed((list) => {
        list["GHSA-aaaa-bbbb-cccc"] = { active: true, notes: "It does no harm.", expiry: "9999-12-31" };
      }),
    );
    expect(code).to.equal(1);
    expect(stderr).to.match(/^What is in the zip: 1 advisory .*\n.*GHSA-aaaa-bbbb-cccc, by winston\n$/);
    expect(registry.asked).to.have.lengthOf(1);
  });

  it("says so when an entry of the list is not needed any more", async () => {
    const { code, stdout } = await audit(
      ["tools"],
      listed((list) => {
        list["GHSA-aaaa-bbbb-cccc"] = { active: true, notes: "It does no harm.", expiry: "9999-12-31" };
      }),
    );
    expect(code).to.equal(0);
    expect(stdout).to.include("not found, to be taken off the list: GHSA-aaaa-bbbb-cccc\n");
  });

  it("does not pass when the registry refuses, or is not there: nothing is known then", async () => {
    const silence = (title: string) =>
      `${title}: nothing is known: the registry did not answer; npm audit says why\n`;
    registry.status = 405;
    const { code, stdout, stderr } = await audit([]);
    expect(stderr).to.equal(silence("What is in the zip") + silence("What builds and deploys"));
    expect(stdout).not.to.include("no advisory");
    expect(code).to.equal(3);
    const closed = await startRegistry();
    await closed.close();
    expect(await audit(["zip"], listed(), closed.url)).to.include({
      code: 3,
      stderr: silence("What is in the zip"),
    });
  });

  for (const [what, list] of [
    ["has no reason", [{ "GHSA-aaaa-bbbb-cccc": { active: true, notes: " ", expiry: "2027-01-31" } }]],
    ["has no end", [{ "GHSA-aaaa-bbbb-cccc": { active: true, notes: "It does no harm." } }]],
    ["ends on no day", [{ "GHSA-aaaa-bbbb-cccc": { active: true, notes: "x", expiry: "2027-02-50" } }]],
    ["is a whole package", [{ glob: { active: true, notes: "It does no harm.", expiry: "2027-01-31" } }]],
    ["is a name alone", ["GHSA-aaaa-bbbb-cccc"]],
    ["is no list", {}],
  ] as const) {
    it(`takes no list of which an entry ${what}`, async () => {
      const { code, stderr } = await audit(["tools"], list);
      expect(stderr).to.match(/^.* accepts no advisory: .*\n$|^The accepted advisories are no list\n$/);
      expect(code).to.equal(2);
      expect(registry.asked).to.deep.equal([]);
    });
  }

  it("has a list of which every entry says when it is looked at again: within a year", () => {
    for (const { id, expiry } of accepted)
      expect(Date.parse(expiry), id).to.be.lessThan(Date.parse("2026-11-25") + 366 * 24 * 60 * 60 * 1000);
  });
});
