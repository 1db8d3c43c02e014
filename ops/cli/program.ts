import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { DeclaredCommand, RunCommand } from "../command.ts";
import { accessCommand } from "../commands/access.ts";
import { adopt } from "../commands/adopt.ts";
import { deploy } from "../commands/deploy.ts";
import { dlq } from "../commands/dlq.ts";
import { importStateBucket } from "../commands/import-state-bucket.ts";
import { forgetFutureCommand } from "../commands/forget-future.ts";
import { gate } from "../commands/gate.ts";
import { historyCommand } from "../commands/history.ts";
import { invoke } from "../commands/invoke.ts";
import { logsCommand } from "../commands/logs.ts";
import { metricsCommand } from "../commands/metrics.ts";
import { monitor } from "../commands/monitor.ts";
import { preflight } from "../commands/preflight.ts";
import { reconcile } from "../commands/reconcile.ts";
import { release } from "../commands/release.ts";
import { rollback } from "../commands/rollback.ts";
import { status } from "../commands/status.ts";
import { tenantCommand } from "../commands/tenant.ts";
import { tenantsCommand } from "../commands/tenants.ts";
import { verify } from "../commands/verify.ts";
import { helpLayout } from "./help-layout.ts";
import { completion } from "./completion/command.ts";

import { fitLines } from "../../checklist/fit-lines.ts";

export interface ProgramContext {
  readonly run: RunCommand;
  readonly writeHelp: (text: string) => void;
  readonly writeComplaint: (text: string) => void;
  /** How wide the help may be; undefined where lines may be of any length. */
  readonly columns?: number | undefined;
}

/** The command line: every command, its arguments, options and help. Throws CommanderErrors; never ends the process. */
export const createOpsProgram = ({ run, writeHelp, writeComplaint, columns }: ProgramContext): Command => {
  const program = new Command("ops")
    .usage("<command> <environment> [options]")
    .description(DESCRIPTION)
    .addHelpText("after", EPILOGUE);
  for (const command of COMMANDS) program.addCommand(command.create(run));
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .configureOutput({
        // The layout leaves what a command says before and after it as it is.
        writeOut: (text) => {
          writeHelp(fitLines(text, columns, { hanging: 0 }));
        },
        writeErr: writeComplaint,
      })
      .showSuggestionAfterError()
      .helpCommand(false)
      .configureHelp(helpLayout(columns));
  }
  return program;
};

/** In the order in which the help lists them. */
const COMMANDS: readonly DeclaredCommand[] = [
  preflight,
  adopt,
  deploy,
  release,
  verify,
  gate,
  monitor,
  status,
  tenantsCommand,
  tenantCommand,
  historyCommand,
  logsCommand,
  metricsCommand,
  invoke,
  rollback,
  dlq,
  reconcile,
  forgetFutureCommand,
  accessCommand,
  importStateBucket,
  completion,
];

const withSubcommands = (command: CommandUnknownOpts): CommandUnknownOpts[] => [
  command,
  ...command.commands.flatMap(withSubcommands),
];

const DESCRIPTION = "Deploys, releases, watches and repairs the ECS tenant event handler.";

const EPILOGUE = `
Credentials are those of the AWS SDK (AWS_PROFILE, aws sso login, a role in a workflow) and have to be of the environment's account. \
Every command has its own help: npm run ops -- <command> --help

Exit codes:
  0  fine
  1  a check failed
  2  a mistake in the command line; nothing was done
  3  inconclusive: too little data to judge by, or interrupted`;
