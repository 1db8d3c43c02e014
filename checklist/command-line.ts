import { Command, type CommanderError } from "@commander-js/extra-typings";
import { EXIT_CODES } from "./exit-code.ts";
import { visibleText } from "./visible.ts";

/**
 * The command line of a program, `npm run <name>`, without options of its own so far. What it does not know, it refuses in one
 * sentence, with the exit code of a mistake. Options of its subcommands are read likewise.
 */
export const createCommandLine = (name: string, description: string) =>
  new Command(name)
    .description(description)
    .usage("[options]")
    .helpCommand(false)
    .configureHelp({ helpWidth: 100 })
    .configureOutput({
      outputError: (text, write) => {
        write(`${visibleText(describeMistake(text))}. See npm run ${name} -- --help\n`);
      },
    })
    .exitOverride(endProcess);

/**
 * What commander says, as one sentence: `error: unknown option '--jsn'` and, on a line of its own, `(Did you mean --json?)`.
 */
export const describeMistake = (complaint: string): string => {
  const sentence = complaint
    .replace(/^error: /, "")
    .trim()
    .replaceAll(/\s*\n\s*/g, " ")
    .replace(/\.$/, "");
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
};

const endProcess = (error: CommanderError): never =>
  process.exit(error.exitCode === 0 ? EXIT_CODES.fine : EXIT_CODES.mistake);
