import { Argument, Command } from "@commander-js/extra-typings";
import { loadEnvironments } from "../../../envs/load.ts";
import type { DeclaredCommand } from "../../command.ts";
import { placesOf } from "./places.ts";
import { completionScript, SHELLS } from "./shells.ts";

/** The one command that is about the program itself: it is for no environment, and asks AWS nothing. */
export const completion: DeclaredCommand = {
  name: "completion",
  create: () =>
    new Command("completion")
      .summary("print a script that completes the words of commands in a shell")
      .description(
        "Prints a script for a shell. It defines ops, short for npm run ops --, and completes its commands, options, " +
          "environments and files with Tab. To have it in every shell, put the example's line into ~/.bashrc, ~/.zshrc or " +
          "~/.config/fish/config.fish, with the script in a file of its own: it changes only with the commands.",
      )
      .addArgument(new Argument("<shell>", "yours").choices(SHELLS))
      .addHelpText("after", `\nExamples:\n${EXAMPLES.map((example) => `  $ ${example}`).join("\n")}`)
      .action((shell, _options, command) => {
        const program = command.parent ?? command;
        command.configureOutput().writeOut?.(completionScript(shell, placesOf(program, loadEnvironments())));
      }),
};

const EXAMPLES = [
  'eval "$(npm run --silent ops -- completion bash)"',
  'eval "$(npm run --silent ops -- completion zsh)"',
  "npm run --silent ops -- completion fish | source",
];
