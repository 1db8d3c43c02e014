import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Run } from "./command.ts";
import { deployCommand } from "../commands/deploy.ts";
import { dlqCommand } from "../commands/dlq.ts";
import { gateCommand } from "../commands/gate.ts";
import { invokeCommand } from "../commands/invoke.ts";
import { monitorCommand } from "../commands/monitor.ts";
import { preflightCommand } from "../commands/preflight.ts";
import { reconcileCommand } from "../commands/reconcile.ts";
import { releaseCommand } from "../commands/release.ts";
import { rollbackCommand } from "../commands/rollback.ts";
import { statusCommand } from "../commands/status.ts";
import { verifyCommand } from "../commands/verify.ts";

export interface ProgramDependencies {
  readonly run: Run;
  /** The standard input, whole. */
  readonly readInput: () => Promise<string>;
  readonly writeHelp: (text: string) => void;
  readonly writeComplaint: (text: string) => void;
}

/** The command line: every command, its arguments, options and help. Throws CommanderErrors; never ends the process. */
export const createProgram = ({
  run,
  readInput,
  writeHelp,
  writeComplaint,
}: ProgramDependencies): Command => {
  const program = new Command("ops")
    .usage("<command> <environment> [options]")
    .description(DESCRIPTION)
    .addHelpText("after", EPILOGUE);
  const commands: readonly CommandUnknownOpts[] = [
    preflightCommand(run),
    deployCommand(run),
    releaseCommand(run),
    verifyCommand(run),
    gateCommand(run),
    monitorCommand(run),
    statusCommand(run),
    invokeCommand(run, readInput),
    rollbackCommand(run),
    dlqCommand(run),
    reconcileCommand(run),
  ];
  for (const command of commands) program.addCommand(command);
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .configureOutput({ writeOut: writeHelp, writeErr: writeComplaint })
      .showSuggestionAfterError()
      .helpCommand(false)
      .configureHelp({ helpWidth: 100 });
  }
  return program;
};

const withSubcommands = (command: CommandUnknownOpts): CommandUnknownOpts[] => [
  command,
  ...command.commands.flatMap(withSubcommands),
];

const DESCRIPTION = "Deploys, releases, watches and repairs the ECS tenant event handler.";

const EPILOGUE = `
Credentials are those of the AWS SDK (AWS_PROFILE, aws sso login, a role in a workflow) and have to be of the
environment's account. Every command has its own help: npm run ops -- <command> --help

Exit codes:
  0  fine
  1  a check failed
  2  a mistake in the command line; nothing was done
  3  inconclusive: too little data to judge by, or interrupted`;
