import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { expect } from "chai";
import { intersects, major, minVersion, satisfies, validRange } from "semver";
import lockfile from "../../package-lock.json" with { type: "json" };
import packageJson from "../../package.json" with { type: "json" };
import { workflowFiles } from "../workflows/workflow.ts";
import { repository } from "../docs/documents.ts";
import { parse } from "yaml";

describe("npm run test:node", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "test-node-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs it with this script in npm's place, so that nothing is asked of the registry. */
  const testNode = (npm: string, ...args: readonly string[]) => {
    writeFileSync(join(folder, "npm"), `#!/bin/sh\n${npm}\n`);
    chmodSync(join(folder, "npm"), 0o755);
    return spawnSync(process.execPath, ["--import", "tsx", "test/node-versions/main.ts", ...args], {
      cwd: repository,
      encoding: "utf8",
      env: {
        PATH: [folder, dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
        XDG_CACHE_HOME: folder,
      },
    });
  };
  const spec = (body: string): string => {
    const file = join(folder, "one.test.ts");
    writeFileSync(file, `it("runs", () => { ${body} });\n`);
    return file;
  };
  const own = String(major(process.versions.node));

  it("runs the tests on a version, and says so", () => {
    const { status, stdout, stderr } = testNode("exit 9", own, "--spec", spec(""));
    expect(stderr).to.equal("");
    expect(stdout)
      .to.match(/1 passed, 0 failed/)
      .and.match(/\nNode\.js [\d.]+: all tests pass\n$/);
    expect(status).to.equal(0);
  });

  it("fails when a test fails, and ends with what failed", () => {
    const { status, stdout } = testNode("exit 9", own, "--spec", spec('throw new Error("no")'));
    expect(stdout).to.match(/\nNode\.js [\d.]+: TESTS FAIL\n\n {2}1\) runs:\n {5}Error: no\n[^✔]*$/);
    expect(status).to.equal(1);
  });

  it("says loudly what it could not fetch, tests the rest, and ends with 3", () => {
    const { status, stdout } = testNode(
      "echo 'npm error code ENOTFOUND' >&2; exit 1",
      "98",
      own,
      "--spec",
      spec(""),
    );
    expect(stdout).to.match(
      /\nNode\.js 98: NOT TESTED\. It could not be fetched: npm install \S+@98 failed: npm error code ENOTFOUND\nNode/,
    );
    expect(stdout).to.match(/all tests pass\n$/);
    expect(status).to.equal(3);
  });

  it("puts the version that it fetched first in PATH", () => {
    // In the registry's place: a Node.js that says it is another.
    const bin = `node_modules/node-${process.platform}-${process.arch}/bin`;
    const node = `#!/bin/sh\n[ "$1" = --version ] && { echo v98.1.2; exit; }\necho "runs $(which node)"\n`;
    mkdirSync(join(folder, "node-98"));
    writeFileSync(join(folder, "fake-node"), node);
    const { stdout } = testNode(
      `mkdir -p ${bin}; cp ${folder}/fake-node ${bin}/node; chmod +x ${bin}/node`,
      "98",
    );
    expect(stdout).to.include(`runs ${join(folder, "ecs-tenant-event-handler/node-98", bin, "node")}`);
    expect(stdout).to.include("Node.js 98.1.2: all tests pass");
  });

  it("refuses what is no major version", () => {
    for (const args of [["22.1"], ["x"], []])
      expect(testNode("exit 9", ...args), args.join()).to.include({ status: 2 });
  });
});

describe("The supported versions of Node.js", () => {
  const engines = packageJson.engines.node;
  const majors = engines.split("||").map((range) => String(minVersion(range)?.major));
  const read = (file: string): string => readFileSync(join(repository, file), "utf8");

  it("are those that the quality gates test", () => {
    const { jobs } = parse(read(".github/workflows/quality-gates.yml")) as {
      jobs: { test: { strategy: { matrix: { "node-version": string[] } } } };
    };
    expect(jobs.test.strategy.matrix["node-version"]).to.deep.equal(majors);
  });

  it("are those that .ci/run tests, beside the one that it runs on", () => {
    const [, tested = ""] = /npm run test:node -- ([\d ]+)/.exec(read(".ci/run")) ?? [];
    expect(majors).to.include.members(tested.trim().split(" "));
    expect(tested.trim().split(" ")).to.include.members(["22", "24"]);
  });

  it("are those that README and the runbook name", () => {
    const [oldest = "", ...others] = majors;
    expect(read("README.md")).to.include(`Node.js ${others.join(" or ")} (${oldest} works, too)`);
    expect(read("docs/runbook.md")).to.include(`${others.join(" or ")} (${oldest} works, too)`);
  });

  it("are those that every package supports: npm ci has nothing to warn of", () => {
    const unsupported = Object.entries(lockfile.packages).flatMap(([path, entry]) => {
      const node = "engines" in entry && "node" in entry.engines ? entry.engines.node : "*";
      if (path === "" || validRange(node) === null) return [];
      return engines
        .split("||")
        .filter((range) => !satisfies(minVersion(range)?.version ?? "", node) || !intersects(range, node))
        .map((range) => `${path} wants Node.js ${node}: not ${range.trim()}`);
    });
    expect(unsupported).to.deep.equal([]);
  });

  it("need no package's install script: npm ci runs none", () => {
    expect(read(".npmrc")).to.match(/^ignore-scripts=true$/m);
    // What takes a role in an AWS account does not depend on that file.
    const files = [
      ".github/actions/setup/action.yml",
      ...workflowFiles.map((file) => `.github/workflows/${file}`),
    ];
    const installs = files.flatMap((file) => read(file).match(/npm (ci|install)\b.*$/gm) ?? []);
    expect(installs).to.not.be.empty;
    for (const install of installs) expect(install).to.equal("npm ci --ignore-scripts");
  });
});
