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
