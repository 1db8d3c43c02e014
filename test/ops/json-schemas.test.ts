import { expect } from "chai";
import { createOpsProgram } from "../../ops/cli/program.ts";
import { healthyDev } from "./healthy-dev.ts";
import { findSchemaViolations, schemaNames } from "./json-schemas.ts";
import { reportOf } from "./report-of.ts";
import { run } from "./run.ts";

/** Each run of a test with --json is held against its schema: see run.ts. */
describe("the JSON of a command", () => {
  it("has a schema in docs/schemas, whichever command it is", () => {
    const program = createOpsProgram({
      run: () => Promise.resolve(),
      writeHelp: () => undefined,
      writeComplaint: () => undefined,
    });
    const commands = program.commands
      // It prints a script.
      .filter((command) => command.name() !== "completion")
      .flatMap((command) =>
        command.commands.length === 0
          ? [command.name()]
          : command.commands.map((sub) => `${command.name()}-${sub.name()}`),
      );
    expect([...schemaNames()].sort()).to.deep.equal(
      [...commands, "audit-line", "logs-line", "mistake", "start-line"].sort(),
    );
  });

  it("may have nothing that its schema does not name", async () => {
    const report = reportOf(await run("status dev --json", { answers: healthyDev() }));
    expect(findSchemaViolations(report)).to.equal(undefined);
    expect(findSchemaViolations({ ...report, result: { ...report.result, more: 1 } })).to.match(
      /^docs\/schemas\/status\.schema\.json: \/result must NOT have additional properties .*"more"/,
    );
    expect(
      findSchemaViolations({ ...report, checks: [{ title: "x", outcome: "fine", found: "" }] }),
    ).to.match(/\/checks\/0\/outcome must be equal to one of the allowed values/);
    expect(findSchemaViolations({ outcome: "mistake", exitCode: 2 })).to.match(/required property 'message'/);
  });
});
