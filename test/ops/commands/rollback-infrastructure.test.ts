import { expect } from "chai";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { codeSha256 } from "../../../build/code-sha256.ts";
import { recordedPlan } from "../../ci/terraform.ts";
import { functionAnswers, type FunctionAnswers } from "../function-answers.ts";
import { healthyDev } from "../healthy-dev.ts";
import type { Answers } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { run, type Run } from "../run.ts";

const COMMIT = "a".repeat(40);
const ZIP = Buffer.from("the zip of version 6");

interface Started {
  readonly words: string;
  readonly cwd: string | undefined;
  readonly zip: string | undefined;
}

describe("ops rollback --with-infrastructure", () => {
  let lambdasBucket: Server;
  let location: string;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "plan-"));
    lambdasBucket = createServer((_, response) => response.end(ZIP));
    lambdasBucket.listen(0, "127.0.0.1");
    await once(lambdasBucket, "listening");
    location = `http://127.0.0.1:${(lambdasBucket.address() as AddressInfo).port}/zip`;
  });
  after(() => {
    lambdasBucket.close();
    rmSync(folder, { recursive: true });
  });

  const told = (version: string, commit: string): string =>
    `release of version ${version} at 2026-02-01T00:00:00.000Z, before: version 5 [commit ${commit}, run 7]: x`;

  interface Options {
    readonly aliases?: Readonly<Record<string, string>>;
    readonly descriptions?: Readonly<Record<string, string>>;
    readonly plan?: string;
    /** The first word of the program's line that fails. */
    readonly failing?: string;
    readonly further?: Answers;
  }

  /** Version 7 is live, 6 was before it, each of a commit of its own. */
  const rollback = async (
    words = "",
    {
      aliases = { "latest-dev": "7", "backup-20260301T100000Z": "6" },
      descriptions = {
        "latest-dev": told("7", "b".repeat(40)),
        "backup-20260301T100000Z": told("6", COMMIT),
      },
      plan = "mixed",
      failing,
      further = {},
    }: Options = {},
  ): Promise<Run & { lambda: FunctionAnswers; started: readonly Started[] }> => {
    const started: Started[] = [];
    const lambda = functionAnswers({
      versions: { 6: codeSha256(ZIP), 7: "seven" },
      aliases,
      descriptions,
    });
    const done = await run(`rollback dev --with-infrastructure --reason wrong --json ${words}`, {
      answers: {
        ...healthyDev(),
        ...lambda.answers,
        GetFunctionCommand: () => ({
          Configuration: { CodeSha256: codeSha256(ZIP) },
          Code: { Location: location },
        }),
        ...further,
      },
      startProgram: (file, args, { output, cwd, variables }) => {
        const line = [file === process.execPath ? "node" : file, ...args].join(" ");
        const zip = variables?.["HANDLER_ZIP"];
        started.push({
          words: line,
          cwd,
          zip: zip === undefined || !existsSync(zip) ? undefined : readFileSync(zip, "utf8"),
        });
        if (args[0] === "show") output.write(readFileSync(recordedPlan(plan), "utf8"));
        return Promise.resolve(failing !== undefined && line.startsWith(failing) ? 1 : 0);
      },
    });
    return { ...done, lambda, started };
  };
  const programs = ({ started }: { started: readonly Started[] }): readonly string[] =>
    started.map(({ words }) => words.split(" ").slice(0, 2).join(" "));

  it("checks out the commit of the version, shows its plan, moves the alias, and then applies", async () => {
    const done = await rollback();
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Commit to return to")).to.equal(`pass: ${COMMIT}, which version 6 was built from`);
    expect(lineOf(done, "Plan")).to.match(/^pass: 1 to destroy, 1 to replace, .*: destroy \S+, replace /);
    expect(done.lambda.aliases()).to.include({ "latest-dev": "6" });
    const titles = reportOf(done).checks.map(({ title }) => title);
    expect(titles.indexOf("Plan")).to.be.below(titles.indexOf("Alias moved"));
    expect(titles.indexOf("Alias moved")).to.be.below(titles.indexOf("Infrastructure brought back"));
    expect(programs(done)).to.deep.equal([
      "git worktree",
      "npm ci",
      "node --import",
      "terraform init",
      "terraform plan",
      "terraform show",
      "terraform apply",
      "git worktree",
    ]);
  });

  it("plans with that commit's program and that version's zip, and leaves nothing behind", async () => {
    const { started } = await rollback();
    expect(started[0]?.words).to.match(new RegExp(`^git worktree add --detach \\S+ ${COMMIT}$`));
    const checkout = started[0]?.words.split(" ").at(-2) ?? "";
    const synthesis = started.find(({ words }) => words.startsWith("node"));
    expect(synthesis).to.include({ cwd: checkout, zip: ZIP.toString() });
    expect(existsSync(dirname(checkout))).to.equal(false);
  });

  it("shows the plan and changes nothing in a dry run", async () => {
    const saved = join(folder, "dev.json");
    const done = await rollback(`--dry-run --save-plan ${saved}`);
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Plan")).to.match(/^pass: 1 to destroy/);
    expect(lineOf(done, "Infrastructure brought back")).to.match(
      /^skip: would apply that plan: 1 to destroy/,
    );
    expect(programs(done)).not.to.include("terraform apply");
    const planning = (run: { started: readonly Started[] }): string | undefined =>
      run.started.find(({ words }) => words.startsWith("terraform plan"))?.words;
    expect(planning(done), "a plan alone takes no lock").to.include(" -lock=false ");
    expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
    expect(JSON.parse(readFileSync(saved, "utf8"))).to.include({ environment: "dev" });

    const approved = await rollback(`--approved-plan ${saved}`);
    expect(approved.exitCode).to.equal(0);
    expect(planning(approved)).not.to.include("-lock=false");
    expect(approved.lambda.aliases()).to.include({ "latest-dev": "6" });
  });

  it("changes nothing when the plan is not the approved one", async () => {
    const saved = join(folder, "other.json");
    await rollback(`--dry-run --save-plan ${saved}`, { plan: "none" });
    const done = await rollback(`--approved-plan ${saved}`);
    expect(done.exitCode).to.equal(1);
    expect(lineOf(done, "Plan")).to.match(/^fail: expected the approved plan, found .* not approved/);
    expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
    expect(programs(done)).not.to.include("terraform apply");
    expect(lineOf(done, "Checkout removed")).to.match(/^pass/);
  });

  it("brings back the infrastructure of a version whose code is live already", async () => {
    const done = await rollback("--to 6", {
      aliases: { "latest-dev": "6" },
      descriptions: { "latest-dev": told("6", COMMIT) },
    });
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Alias moved")).to.equal("skip: live already");
    expect(programs(done)).to.include("terraform apply");
  });

  it("says that the infrastructure stays when Terraform could not bring it back", async () => {
    const done = await rollback("", { failing: "terraform apply" });
    expect(done.exitCode).to.equal(1);
    expect(done.lambda.aliases()).to.include({ "latest-dev": "6" });
    expect(reportOf(done).result)
      .to.have.property("notRolledBack")
      .that.includes("the infrastructure: rules, queue, alarms, permissions");
  });

  it("does not say that the infrastructure stays", async () => {
    expect(reportOf(await rollback()).result)
      .to.have.property("notRolledBack")
      .that.has.length(2);
  });

  for (const [what, options, check, line] of [
    [
      "nobody knows the version's commit",
      { descriptions: {} },
      "Commit to return to",
      /^fail: version 6 is of unknown origin: no commit is known/,
    ],
    [
      "this clone does not have the commit",
      { failing: "git worktree add" },
      "Checkout of that commit",
      /^fail: git cannot check out a{40}\. Fetch it first: git fetch origin a{40}/,
    ],
    [
      "the packages cannot be installed",
      { failing: "npm" },
      "Checkout of that commit",
      /^fail: npm ci of a{40} failed/,
    ],
    [
      "Terraform cannot plan",
      { failing: "terraform plan" },
      "Plan",
      /^fail: terraform plan failed with exit code 1$/,
    ],
  ] as const) {
    it(`changes nothing when ${what}`, async () => {
      const done = await rollback("", options);
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, check)).to.match(line);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
      expect(programs(done)).not.to.include("terraform apply");
    });
  }
});
