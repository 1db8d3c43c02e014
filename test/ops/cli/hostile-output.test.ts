import type { CommandUnknownOpts } from "@commander-js/extra-typings";
import { expect } from "chai";
import fc from "fast-check";
import { createOpsProgram } from "../../../ops/cli/program.ts";
import { EVERY_HOSTILE_TEXT, hostileText, liveLine } from "../../checklist/hostile-text.ts";
import { COMMANDS } from "../every-command.ts";
import { dev } from "../healthy-dev.ts";
import { hostileDev } from "../hostile-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { createTerminal, type Run, run } from "../run.ts";

describe("hostile text in what AWS says", () => {
  it("is tried in every command", () => {
    const leaves = (command: CommandUnknownOpts, before: string): string[] =>
      command.commands.length === 0
        ? [before]
        : command.commands.flatMap((each) => leaves(each, `${before} ${each.name()}`.trim()));
    const program = createOpsProgram({
      run: () => Promise.resolve(),
      writeHelp: () => undefined,
      writeComplaint: () => undefined,
    });
    // It asks AWS nothing.
    expect([...Object.keys(COMMANDS), "completion"]).to.have.members(leaves(program, ""));
  });

  const options = (answers: Answers) => ({
    answers,
    startProgram: () => Promise.resolve(1),
  });
  const expectNothingLive = ({ stdout, stderr }: Run, what: string): void => {
    expect(liveLine(stdout), `stdout of ${what}`).to.be.undefined;
    expect(liveLine(stderr), `stderr of ${what}`).to.be.undefined;
  };

  for (const [command, args] of Object.entries(COMMANDS)) {
    it(`reaches no output of ${command} live`, async () => {
      let seen = 0;
      await fc.assert(
        fc.asyncProperty(hostileText, async (text) => {
          for (const json of ["", " --json"]) {
            const ran = await run(`${command} ${args}${json}`, options(hostileDev(text)));
            expectNothingLive(ran, `${command}${json}`);
            if (json !== "") JSON.parse(ran.stdout);
            if (ran.stdout.includes("\\u")) seen++;
          }
        }),
        { numRuns: 4, examples: EVERY_HOSTILE_TEXT },
      );
      // Else it would prove nothing: the text must have come through, by its code.
      expect(seen, "outputs that show the text").to.be.greaterThan(0);
    });

    it(`reaches no output of ${command} live when AWS fails with it`, async () => {
      await fc.assert(
        fc.asyncProperty(hostileText, async (text) => {
          const failing = new Proxy<Answers>(
            {},
            {
              get: (_, name) => () => {
                if (name === "GetCallerIdentityCommand") return { Account: dev.accountId, Arn: text };
                throw awsError(`Trouble${text}`, text);
              },
            },
          );
          expectNothingLive(await run(`${command} ${args}`, options(failing)), command);
        }),
        { numRuns: 3, examples: EVERY_HOSTILE_TEXT },
      );
    });
  }

  for (const [what, text] of [
    ["an escape", "\u001b]52;c;eA==\u0007"],
    ["a control of C1", "\u009b2J"],
    ["a change of direction", "\u202e"],
    ["a command for GitHub", "\n::add-mask::x"],
  ] as const)
    it(`reaches no live list: ${what}`, async () => {
      const { stream, drawn } = createTerminal();
      await run("verify dev", { ...options(hostileDev(text)), terminal: { stdout: stream, stderr: stream } });
      expect(drawn()).to.not.include(text);
      expect(drawn()).to.include("\\u");
    });

  it("is refused in a reason, and shown by its code in mistakes", async () => {
    await fc.assert(
      fc.asyncProperty(
        hostileText.filter((text) => liveLine(`>${text}`) !== undefined || text.includes("\n")),
        async (text) => {
          for (const argv of [
            ["rollback", "dev", "--reason", `a${text}b`],
            ["verify", `dev${text}`],
            [`x${text}`, "dev"],
            ["verify", "dev", `--x${text}`],
            ["gate", `to${text}`],
          ])
            for (const json of [[], ["--json"]]) {
              const ran = await run([...argv, ...json]);
              expect(ran.exitCode, JSON.stringify(argv)).to.equal(2);
              expectNothingLive(ran, JSON.stringify(argv));
            }
        },
      ),
      { numRuns: 20 },
    );
  });
});
