import { Command } from "@commander-js/extra-typings";
import { listEnvironments } from "../../envs/load.ts";
import type { Checklist } from "../../checklist/check.ts";
import type { Context } from "../context.ts";

export interface CommandDescription {
  readonly name: string;
  /** For the list of commands. */
  readonly summary: string;
  /** For its own help: what it does, what it changes, what its exit codes mean. */
  readonly description: string;
  /** As typed after `npm run ops -- `. */
  readonly examples: readonly string[];
}

/** A command, without arguments and options of its own so far. */
export const createCommand = ({ name, summary, description, examples }: CommandDescription) =>
  new Command(name)
    .summary(summary)
    .description(description)
    .option("--json", "print one JSON object and nothing else")
    .addHelpText(
      "after",
      `\nExamples:\n${examples.map((example) => `  $ npm run ops -- ${example}`).join("\n")}`,
    );

/** A command for an environment: `<name> <environment>`. */
export const createEnvironmentCommand = (description: CommandDescription) =>
  createCommand(description).argument("<environment>", listEnvironments().join(", "));

/** Carries out a command: makes its checklist, runs and reports it. */
export type Run = (invocation: Invocation) => Promise<void>;

export interface Invocation {
  /** As typed: `verify`, `dlq replay`. */
  readonly command: string;
  /** The environment's name, unchecked. */
  readonly environment: string;
  readonly options: { readonly json?: true | undefined; readonly dryRun?: boolean | undefined };
  readonly plan: (context: Context) => Checklist;
  /** It runs programs that write to the terminal themselves: plain lines go better with that than a live list. */
  readonly runsPrograms?: true;
}

export const DRY_RUN = "say what would be done and change nothing";
