import { expect } from "chai";
import { lazy } from "../../../checklist/lazy.ts";
import { findBreaks } from "../../checklist/broken-words.ts";
import { COMMANDS } from "../every-command.ts";
import { hostileDev } from "../hostile-dev.ts";
import { createTerminal, run } from "../run.ts";

/** What a list says before a title, and a table below it. */
const OF_NARROW_ONES = "inconclusive: (no room for )";

describe("in a narrow terminal", () => {
  /** What AWS says in the tests of hostile text, with an ordinary text in the place of that. */
  const aws = () => ({ answers: hostileDev(" of-the-tenant"), startProgram: () => Promise.resolve(1) });
  const drawn = async (command: string, columns: number): Promise<string> => {
    const terminal = createTerminal(columns);
    await run(command, {
      ...aws(),
      stdout: terminal.stream,
      stderr: terminal.stream,
      terminal: { stdout: terminal.stream, stderr: terminal.stream },
    });
    return terminal.drawn();
  };

  for (const columns of [60, 40])
    it(`a mistake breaks no word, ARN, path or command at ${columns} columns`, async () => {
      const words = [
        "verify arn:aws:cloudformation:af-south-1:536580886816:stack/bbws-ecs-tenant/1",
        "verify dev --audit /a/folder/that/is/not/there/with/a/rather/long/path/audit-of-today.jsonl",
        "dlq discard dev",
        "verify prdo",
      ];
      for (const commandLine of words) {
        let narrow = "";
        await run(commandLine, { stderr: { columns, write: (text: string) => (narrow += text) } });
        const { stderr } = await run(commandLine);
        expect(stderr.trimEnd(), "a file").not.to.include("\n");
        const { tooWide, brokenWords } = findBreaks(narrow, stderr, columns);
        expect(tooWide, "lines").to.deep.equal([]);
        expect(brokenWords, "words").to.deep.equal([]);
        for (const whole of /\S*[:/]\S{20,}|npm run .*/.exec(stderr) ?? [])
          expect(narrow, "in one piece").to.include(whole.trimEnd());
        expect(narrow.trimEnd()).to.include("\n");
      }
    });

  for (const [command, args] of Object.entries(COMMANDS)) {
    /** On lines of any length. */
    const printed = lazy(async () => (await run(`${command} ${args}`, aws())).stdout);

    for (const columns of [60, 40])
      it(`${command} breaks no word at ${columns} columns`, async () => {
        const { tooWide, brokenWords } = findBreaks(
          await drawn(`${command} ${args}`, columns),
          `${await printed()} ${OF_NARROW_ONES}`,
          columns,
        );
        expect(tooWide, "lines").to.deep.equal([]);
        expect(brokenWords, "words").to.deep.equal([]);
      });
  }
});
