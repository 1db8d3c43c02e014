import { expect } from "chai";
import { execFile } from "node:child_process";
import { cpSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolderForSources } from "../folder-for-sources.ts";
import { readDocument, repository } from "./documents.ts";

/** What the recipe touches, and what notices that it was followed halfway. */
const COPIED = [
  ...[
    ".github",
    "build",
    "checklist",
    "ci",
    "docs",
    "envs",
    "handler",
    "local",
    "ops",
    "page",
    "reconcile",
    "reconciler",
    "stacks",
  ],
  ...[
    "test",
    "README.md",
    "CONTRIBUTING.md",
    "package.json",
    "tsconfig.json",
    "rooms.json",
    ".prettierrc.json",
  ],
];
const WORKFLOWS = "test/workflows/workflows.test.ts";
const GENERATED = "test/docs/generated.test.ts";
const NOTICING = [
  ...[WORKFLOWS, GENERATED, "test/envs/load.test.ts", "test/envs/resource-names.test.ts"],
  ...["test/ci/access.test.ts", "test/ci/drift.test.ts"],
];

/** CONTRIBUTING, Add an environment: UAT between SIT and PROD. */
describe("a newcomer who adds an environment", function () {
  this.timeout(300_000);
  let clone: string;

  before(() => {
    clone = makeFolderForSources("fourth-environment");
    for (const name of COPIED)
      cpSync(join(repository, name), join(clone, name), { recursive: true, force: true });
    symlinkSync(join(repository, "node_modules"), join(clone, "node_modules"));
  });
  after(() => {
    rmSync(clone, { recursive: true });
  });

  const run = (program: string, ...args: readonly string[]): Promise<string> =>
    new Promise((resolve) => {
      execFile(program, args, { cwd: clone, maxBuffer: 1e8 }, (_, stdout, stderr) => {
        resolve(stdout + stderr);
      });
    });
  const test = (...files: readonly string[]): Promise<string> =>
    run(
      process.execPath,
      ...["--import", "tsx", "node_modules/mocha/bin/mocha.js", "--no-config", "--timeout", "60000"],
      ...files,
    );
  const edit = (file: string, change: (text: string) => string, from = file): void => {
    writeFileSync(join(clone, file), change(readFileSync(join(clone, from), "utf8")));
  };

  it("finds the way in CONTRIBUTING", () => {
    const [, chapter = ""] =
      /^## Add an environment\n([^]*?)^## /m.exec(readDocument("CONTRIBUTING.md")) ?? [];
    for (const step of ["envs/", "rollback.yml", "plan.yml", "drift.yml", "promote-to-", "npm run docs"])
      expect(chapter).to.include(step);
  });

  it("is told by the tests that the workflows still promote from the environment before", async () => {
    edit(
      "envs/uat.json",
      (text) => text.replaceAll(/\bsit\b/g, "uat").replace('"from": "dev"', '"from": "sit"'),
      "envs/sit.json",
    );
    edit("envs/prod.json", (text) => text.replace('"from": "sit"', '"from": "uat"'));
    const output = await test(WORKFLOWS, GENERATED);
    expect(output).to.match(/\d+ failing/);
    expect(output).to.include("promote-to-uat.yml");
    expect(output).to.include("know every environment that there is");
    expect(output).to.include("are fresh in docs/runbook.md; else run npm run docs");
  });

  it("is told that PROD would go on fetching SIT's release, and is done with the workflows and npm run docs", async () => {
    const workflows = ".github/workflows";
    edit(
      `${workflows}/promote-to-uat.yml`,
      (text) =>
        text
          .replaceAll(/\bdev\b/g, "@")
          .replaceAll(/\bsit\b/g, "uat")
          .replaceAll("@", "sit")
          .replaceAll("SIT", "UAT")
          .replaceAll("DEV", "SIT")
          .replaceAll("dev_version", "sit_version"),
      `${workflows}/promote-to-sit.yml`,
    );
    for (const name of ["rollback", "operate", "plan", "drift"])
      edit(`${workflows}/${name}.yml`, (text) => text.replace("[dev, sit, prod]", "[dev, sit, uat, prod]"));
    const halfway = await test(WORKFLOWS);
    expect(halfway).to.include("envs/ promotes from uat: promote-to-prod.yml must fetch its release");

    edit(`${workflows}/promote-to-prod.yml`, (text) =>
      text.replaceAll(/\bsit\b/g, "uat").replaceAll("SIT", "UAT"),
    );
    await run(process.execPath, "--import", "tsx", "docs/generate/main.ts");
    const output = await test(...NOTICING);
    const [, failures] = output.split(/\d+ failing/);
    expect(failures).to.equal(undefined);
    expect(output).to.match(/\d+ passing/);
  });
});
