import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../docs/documents.ts";
import { withoutWarnings } from "../without-warnings.ts";
import { LONGEST, planTestRun, SLOW } from "./plan-test-run.ts";

const PROGRAMS = { c8: "c8.js", mocha: "mocha.js" };
const EVERY = [
  ...["test/build/main.test.ts", "test/handler/event-time.test.ts", "test/ops/dlq/lanes.test.ts"],
  ...["test/ops/main.test.ts", ...SLOW, ...LONGEST],
];
const plan = (choice: Partial<Parameters<typeof planTestRun>[0]>): string[] =>
  planTestRun({ files: [], jobs: 2, ...choice }, [...new Set(EVERY)], PROGRAMS);

describe("npm test", () => {
  it("shares all files among processes, and begins with those that take longest", () => {
    const [mocha, parallel, jobs, number, ...files] = plan({});
    expect([mocha, parallel, jobs, number]).to.deep.equal(["mocha.js", "--parallel", "--jobs", "2"]);
    expect(files.slice(0, LONGEST.length)).to.deep.equal(LONGEST);
    expect(files)
      .to.have.length(new Set(EVERY).size)
      .and.have.members([...new Set(EVERY)]);
  });

  it("runs the files that it is given and no other, in one process", () => {
    expect(plan({ files: ["test/a.test.ts"], grep: "late" })).to.deep.equal([
      ...["mocha.js", "--grep", "late", "test/a.test.ts"],
    ]);
  });

  it("measures coverage where it is asked for", () => {
    expect(plan({ coverage: true })).to.deep.equal(["c8.js", ...plan({})]);
  });

  it("takes no part of the tests for their coverage", () => {
    for (const part of [["test/run/figures.test.ts"], ["--fast"], ["--grep", "late"]]) {
      const { status, stderr } = spawnSync(
        process.execPath,
        ["--import", "tsx", "test/run/main.ts", "--coverage", ...part],
        { cwd: repository, encoding: "utf8" },
      );
      expect(withoutWarnings(stderr)).to.match(/^--coverage is of all tests: leave out/);
      expect(status).to.equal(2);
    }
  });

  it("looks through all files for a title", () => {
    expect(plan({ grep: "late" }).slice(0, 6)).to.deep.equal([
      ...["mocha.js", "--parallel", "--jobs", "2", "--grep", "late"],
    ]);
  });

  it("leaves out of --fast what starts programs", () => {
    expect(plan({ fast: true })).to.deep.equal([
      ...["mocha.js", "--parallel", "--jobs", "2"],
      ...["test/handler/event-time.test.ts", "test/ops/dlq/lanes.test.ts"],
    ]);
  });

  it("knows only files that there are", () => {
    for (const file of [...LONGEST, ...SLOW]) expect(existsSync(join(repository, file)), file).to.be.true;
  });
});
