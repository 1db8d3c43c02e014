import { expect } from "chai";
import { execFile } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };
import { makeFolderForSources } from "../folder-for-sources.ts";
import { commandsOf, readDocument, repository } from "./documents.ts";
import { splitWords } from "./split-words.ts";

/** What comes with a clone; the packages are shared, as `npm ci` would only bring them once more. */
const NOT_CLONED = ["node_modules", "dist", "cdktf.out", "coverage", ".git", ".terraform"];

/** CONTRIBUTING, Change what an event means: a newcomer does it, and what should notice does. */
describe("a newcomer who changes a row of the table", function () {
  this.timeout(180_000);
  let clone: string;

  before(() => {
    clone = makeFolderForSources("newcomers-walk");
    for (const name of readdirSync(repository))
      if (!NOT_CLONED.includes(name)) cpSync(join(repository, name), join(clone, name), { recursive: true });
    symlinkSync(join(repository, "node_modules"), join(clone, "node_modules"));
  });
  after(() => {
    rmSync(clone, { recursive: true });
  });

  const run = (program: string, ...args: readonly string[]): Promise<{ exitCode: number; output: string }> =>
    new Promise((resolve) => {
      execFile(program, args, { cwd: clone, maxBuffer: 1e8 }, (error, stdout, stderr) => {
        resolve({ exitCode: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  const npmRun = (script: keyof typeof packageJson.scripts, ...args: readonly string[]) =>
    run("npm", "run", "--silent", script, "--", ...args);
  const mocha = (...args: readonly string[]) =>
    run(
      process.execPath,
      ...["--import", "tsx", "node_modules/mocha/bin/mocha.js", "--no-config", "--timeout", "60000", ...args],
    );

  it("finds the way in CONTRIBUTING", () => {
    const [, chapter = ""] =
      /^## Change what an event means\n([^]*?)^###? /m.exec(readDocument("CONTRIBUTING.md")) ?? [];
    expect(commandsOf(chapter)).to.include.members(["npm run test:table", "npm run docs", "npm start"]);
    const named = [...chapter.matchAll(/\]\((test\/[^)]+)\)/g)].map(([, path]) => path);
    const tested = (splitWords(packageJson.scripts["test:table"]) ?? []).filter((word) =>
      word.endsWith(".test.ts"),
    );
    expect(named).to.have.members(tested);
  });

  it("changes a status and a name, and is told by every test that is named, then draws the diagram again", async () => {
    const path = join(clone, "handler/transitions.json");
    const table = JSON.parse(readFileSync(path, "utf8")) as {
      statuses: Record<string, unknown>;
      events: { name: string; status: string; from: { eventName: string }[] }[];
    };
    const row = table.events.find(({ name }) => name === "DEPLOYMENT_ROLLBACK_STARTED");
    if (row === undefined) throw new Error("the table has no such row");
    row.status = "GOING_BACK";
    table.statuses["GOING_BACK"] = table.statuses["ROLLING_BACK"];
    delete table.statuses["ROLLING_BACK"];
    row.from.push({ eventName: "SERVICE_DEPLOYMENT_UNDONE" });
    writeFileSync(path, JSON.stringify(table, null, 2));

    const { exitCode, output } = await npmRun("test:table");
    expect(exitCode).not.to.equal(0);
    const [, failures = ""] = output.split(/\d+ failing/);
    expect(failures, "transition-table.test.ts").to.include("transition table").and.include("GOING_BACK");
    expect(failures, "event-patterns.test.ts").to.include("SERVICE_DEPLOYMENT_UNDONE");
    expect(failures, "generated.test.ts").to.include(
      "are fresh in docs/architecture.md; else run npm run docs",
    );
    expect(failures).to.include("are fresh in docs/runbook.md");

    expect((await npmRun("docs")).output).to.include("docs/architecture.md is brought up to date");
    const diagram = readFileSync(join(clone, "docs/architecture.md"), "utf8");
    expect(diagram)
      .to.include("--> GOING_BACK : DEPLOYMENT_ROLLBACK_STARTED")
      .and.not.include("ROLLING_BACK :");
    const [again, started] = await Promise.all([
      mocha("test/handler/transition-table.test.ts", "test/docs/generated.test.ts"),
      npmRun("start", "--json"),
    ]);
    const [, stillFailing = ""] = again.output.split(/\d+ failing/);
    expect(stillFailing).to.include("transition table").and.not.include("are fresh in");
    expect(started.output).to.include("GOING_BACK").and.not.include("ROLLING_BACK");
  });

  it("adds a status, and neither npm start nor reconcile needs to be told", async () => {
    const path = join(clone, "handler/transitions.json");
    const table = JSON.parse(readFileSync(path, "utf8")) as { statuses: object; events: object[] };
    table.statuses = { ...table.statuses, DEGRADED: { color: "red", refutedBy: "deleted" } };
    table.events.unshift({
      name: "VPC_LATTICE_TARGET_UNHEALTHY",
      status: "DEGRADED",
      from: [],
      neverFrom: ["DEPROVISIONED"],
    });
    writeFileSync(path, JSON.stringify(table, null, 2));

    const events = join(clone, "events.ndjson");
    const [first = ""] = readFileSync(join(clone, "local/sample-events.ndjson"), "utf8").split("\n");
    writeFileSync(
      events,
      first.replace(/"eventName": ?"[A-Z_]+"/, `"eventName":"VPC_LATTICE_TARGET_UNHEALTHY"`),
    );
    const [started, reconciled] = await Promise.all([
      npmRun("start", "--events", events, "--json"),
      // The whole command, once for each status of the table; a status left out of it would be undone.
      mocha("test/ops/commands/reconcile.test.ts", "--grep", "replaces a status of the table"),
    ]);
    expect(started.output).to.include(`"status":"DEGRADED"`);
    expect(reconciled.output).to.include("1 passing");
  });
});
