import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { expect } from "chai";
import { type Advice, describeExplanation, type Explanation } from "../../../checklist/errors.ts";
import { listEnvironments, loadEnvironments } from "../../../envs/load.ts";
import type { ParsedCommand } from "../../../ops/command.ts";
import { createOpsProgram } from "../../../ops/cli/program.ts";
import { findBreaks } from "../../checklist/broken-words.ts";
import { run } from "../run.ts";

/** Every command for an environment, by what is typed for it. */
const environmentCommands = (program: CommandUnknownOpts): [string, CommandUnknownOpts][] =>
  commandsOf(program).filter(([name]) => name !== "completion");

const commandsOf = (
  command: CommandUnknownOpts,
  path: readonly string[] = [],
): [string, CommandUnknownOpts][] =>
  command.commands.length === 0
    ? [[path.join(" "), command]]
    : command.commands.flatMap((one) => commandsOf(one, [...path, one.name()]));

/** The program, remembering what it was asked to run. */
const createTestProgram = () => {
  const invocations: ParsedCommand[] = [];
  const program = createOpsProgram({
    run: (invocation) => {
      invocations.push(invocation);
      return Promise.resolve();
    },
    writeHelp: () => undefined,
    writeComplaint: () => undefined,
  });
  return { program, invocations };
};

const examplesIn = (help: string): string[] =>
  [...help.matchAll(/^ {2}\$ npm run ops -- (.+)$/gm)].map(([, example = ""]) => example);

describe("the command line of ops", () => {
  it("says all that there is, and what exit codes mean, with --help", async () => {
    const { exitCode, stdout, stderr } = await run("--help");
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: "" });
    const listed = [
      ...stdout.matchAll(/^ {2}([a-z]+) (?:\[options\] [<[]\w+[>\]])?(?: [<[]\w+[>\]])? {2,}\S/gm),
    ].map(([, name]) => name);
    expect(listed).to.deep.equal([
      "preflight",
      "adopt",
      "deploy",
      "release",
      "verify",
      "gate",
      "monitor",
      "status",
      "tenants",
      "tenant",
      "history",
      "logs",
      "metrics",
      "invoke",
      "rollback",
      "dlq",
      "reconcile",
      "access",
    ]);
    expect(stdout).to.include(
      "Exit codes:\n" +
        "  0  fine\n" +
        "  1  a check failed\n" +
        "  2  a mistake in the command line; nothing was done\n" +
        "  3  inconclusive: too little data to judge by, or interrupted",
    );
  });

  for (const [name] of environmentCommands(createTestProgram().program)) {
    describe(name, () => {
      let help: string;
      before(async () => {
        const { exitCode, stdout } = await run(`${name} --help`);
        expect(exitCode).to.equal(0);
        help = stdout;
      });

      it("explains itself and every option, with examples", () => {
        expect(help).to.match(new RegExp(`^Usage: ops ${name} `));
        expect(help).to.match(/^ {2}--json {2,}print one JSON object and nothing else$/m);
        for (const [, option] of help.matchAll(/^ {2}(-.*)$/gm)) expect(option).to.match(/\S {2,}\S|>$/);
        expect(examplesIn(help)).not.to.be.empty;
      });

      for (const columns of [200, 100, 60, 40])
        it(`breaks no word and no command of it at ${columns} columns`, async () => {
          let narrow = "";
          const stdout = { columns, write: (text: string) => (narrow += text) };
          await run(`${name} --help`, { stdout });
          const { tooWide, brokenWords } = findBreaks(narrow, help, Math.min(columns, 100));
          expect(tooWide, "lines").to.deep.equal([]);
          expect(brokenWords, "words").to.deep.equal([]);
          expect(examplesIn(narrow)).to.deep.equal(examplesIn(help));
        });

      it("has lines of any length where it goes to a file", () => {
        const [, description = ""] = help.split("\n\n");
        expect(description)
          .to.match(/^[A-Z].*[.!]$/)
          .and.not.include("\n");
      });

      it("has examples that are right", async () => {
        for (const example of examplesIn(help)) {
          const { program, invocations } = createTestProgram();
          const words = [...example.replace(/ [<>] \S+$/, "").matchAll(/"([^"]*)"|(\S+)/g)];
          await program.parseAsync(
            words.map(([, quoted, plain]) => quoted ?? plain ?? ""),
            { from: "user" },
          );
          const [{ command, environment } = { command: "none", environment: "none" }] = invocations;
          expect(command, example).to.equal(name);
          expect(loadEnvironments().map((one) => one.environment)).to.include(environment);
        }
      });
    });
  }

  interface Mistake extends Explanation {
    readonly typed: string;
  }

  const known = listEnvironments().join(", ");
  const see = (command = ""): Advice => ({ hint: "See", next: `npm run ops -- ${command}--help` });

  const mistakes: readonly Mistake[] = [
    { typed: "verfy dev", message: "unknown command 'verfy' (Did you mean verify?)", ...see() },
    { typed: "dlq cuont dev", message: "unknown command 'cuont' (Did you mean count?)", ...see("dlq ") },
    { typed: "verify", message: "missing required argument 'environment'", ...see("verify ") },
    {
      typed: "verify dev prod",
      message: "too many arguments for 'verify'. Expected 1 argument but got 2.",
      ...see("verify "),
    },
    {
      typed: "verify dev --jsno",
      message: "unknown option '--jsno' (Did you mean --json?)",
      ...see("verify "),
    },
    {
      typed: "verify prdo",
      message: `Unknown environment "prdo". Known: ${known}`,
      hint: "Did you mean prod?",
    },
    { typed: "verify nowhere-near", message: `Unknown environment "nowhere-near". Known: ${known}` },
    {
      typed: "verify ../dev",
      message: `Unknown environment "../dev". Known: ${known}`,
      hint: "Did you mean dev?",
    },
    {
      typed: "rollback dev",
      message: "required option '--reason <text>' not specified",
      ...see("rollback "),
    },
    {
      typed: "gate",
      message: "no environment to judge",
      hint: "Name a preset, or an environment by --from",
      next: "npm run ops -- gate --help",
    },
  ];

  for (const { typed, ...mistake } of mistakes) {
    it(`answers "${typed}" in one line, with exit code 2`, async () => {
      const done = await run(typed);
      expect(done).to.include({ exitCode: 2, stdout: "", stderr: `${describeExplanation(mistake)}\n` });
      expect(done.aws.calls).to.deep.equal([]);
    });

    it(`answers "${typed} --json" with one object, which says what to do as data`, async () => {
      const done = await run(`${typed} --json`);
      expect(done).to.include({ exitCode: 2, stderr: "" });
      expect(JSON.parse(done.stdout)).to.deep.equal({ outcome: "mistake", exitCode: 2, ...mistake });
    });
  }

  it("answers nothing at all with the help, as a mistake", async () => {
    const done = await run([]);
    expect(done).to.include({ exitCode: 2, stdout: "" });
    expect(done.stderr).to.match(/^Usage: ops /);
  });
});
