import { CommanderError, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { Environment } from "../../envs/environment.ts";
import { EnvironmentFileError, UnknownEnvironmentError } from "../../envs/errors.ts";
import { loadEnvironment } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import type { CreateAws } from "../aws/clients.ts";
import { followAwsClock } from "../aws/aws-clock.ts";
import { explainAwsError } from "../aws/explain-error.ts";
import type { Clock } from "../../checklist/clock.ts";
import type { ParsedCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { describeExplanation, type Explanation, OperatorError } from "../../checklist/errors.ts";
import { EXIT_CODES, type ExitCode } from "../../checklist/exit-code.ts";
import { readIdentity } from "../aws/identity.ts";
import { fitLines } from "../../checklist/fit-lines.ts";
import { withHeartbeat } from "../../checklist/heartbeat.ts";
import { createJsonReporter } from "../../checklist/json-reporter.ts";
import { lazy } from "../../checklist/lazy.ts";
import { suggestNearest } from "../nearest.ts";
import { createPlainReporter } from "../../checklist/plain-reporter.ts";
import { openAuditFile } from "./audit-file.ts";
import { createOpsProgram } from "./program.ts";
import { createReport } from "../../checklist/report.ts";
import type { Output, Reporter } from "../../checklist/reporter.ts";
import { runChecks } from "../../checklist/run-checks.ts";
import type { StartProgram } from "./start-program.ts";
import { createTerminalReporter } from "../../checklist/terminal-reporter.ts";
import { visibleJson, visibleLines } from "../../checklist/visible.ts";

/** What the CLI works with. */
export interface OpsContext {
  readonly createAws: CreateAws;
  readonly stdout: Output;
  readonly stderr: Output;
  /** The streams once more, if they are a terminal that a live list can be drawn on. */
  readonly terminal?:
    { readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream } | undefined;
  /** Whether to colour what is for people; a live list has colours in any case. */
  readonly color?: boolean | undefined;
  readonly readInput: () => Promise<string>;
  readonly clock: Clock;
  /** Aborted when the operator wants to stop. */
  readonly signal: AbortSignal;
  readonly startProgram: StartProgram;
}

/**
 * Runs one command line, `["verify", "dev", "--json"]`, from parsing to reporting.
 * @returns what the process should end with. Rejects only because of a bug.
 */
export const runOps = async (argv: readonly string[], context: OpsContext): Promise<ExitCode> => {
  const { stdout, stderr } = context;
  const json = argv.includes("--json");
  let exitCode: ExitCode = EXIT_CODES.fine;
  /** Set aside, as in JSON mode they are part of the object. */
  let complaint = "";
  const program = createOpsProgram({
    run: async (parsed) => {
      exitCode = await carryOut(parsed, argv, context);
    },
    columns: stdout.columns,
    writeHelp: (text) => stdout.write(text),
    writeComplaint: (text) => {
      complaint += text;
    },
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT_CODES.fine;
    const explanation =
      error instanceof CommanderError ? explainComplaint(complaint, argv, program) : explainMistake(error);
    if (explanation === undefined) throw error;
    const { message, hint, next } = explanation;
    if (json)
      stdout.write(
        `${visibleJson({ outcome: "mistake", exitCode: EXIT_CODES.mistake, message, hint, next })}\n`,
      );
    else
      stderr.write(
        `${fitLines(visibleLines(describeExplanation({ message, hint, next })), stderr.columns)}\n`,
      );
    return EXIT_CODES.mistake;
  }
};

const carryOut = async (
  { command, environment: environmentName, json, audit, dryRun, runsPrograms, plan }: ParsedCommand,
  argv: readonly string[],
  {
    createAws,
    clock: machineClock,
    signal,
    stdout,
    stderr,
    terminal,
    color = false,
    startProgram,
    readInput,
  }: OpsContext,
): Promise<ExitCode> => {
  const environment = findEnvironment(environmentName);
  const auditFile = openAuditFile(audit);
  const liveList = json || runsPrograms ? undefined : terminal;
  // A live list moves by itself.
  const heartbeat = withHeartbeat(
    json
      ? createJsonReporter(stdout, stderr)
      : createPlainReporter(stdout, stderr, () => ({ columns: terminal?.stdout.columns, color })),
    stderr,
  );
  const reporter: Reporter =
    liveList === undefined ? heartbeat : createTerminalReporter(liveList.stdout, liveList.stderr, color);
  const aws = createAws(environment.region);
  const clock = followAwsClock(aws, machineClock);
  /** Once AWS has said it: the first check of a command asks. */
  let by: string | undefined;
  const context: Context = {
    environment,
    names: resourceNames(environment),
    aws,
    identity: lazy(async () => {
      const identity = await readIdentity(aws.sts, signal);
      by = identity.arn;
      return identity;
    }),
    clock,
    signal,
    dryRun,
    audit: (record) => {
      const line = {
        timestamp: clock.now().toISOString(),
        level: "INFO",
        environment: environment.environment,
        command,
        by,
        ...record,
      };
      auditFile.change(line);
      reporter.audit(visibleJson(line));
    },
    runProgram: async (file, args, { cwd, variables, output, hear = () => undefined } = {}) => {
      const shown = output ?? (json ? stderr : stdout);
      const exitCode = await startProgram(file, args, {
        output: {
          write: (text) => {
            hear(text);
            heartbeat.heard();
            return shown.write(text);
          },
        },
        isForPeople: output === undefined,
        signal,
        cwd,
        variables,
      });
      // It was asked to stop: that is no failure of its own.
      if (exitCode !== 0) signal.throwIfAborted();
      return exitCode;
    },
    readInput,
  };

  try {
    const checklist = await plan(context);
    reporter.begin(checklist);
    const checked = await runChecks(checklist, {
      dryRun,
      signal,
      observer: reporter,
      explainError: explainAwsError,
    });
    const result = checklist.result?.();
    const report = createReport({
      command,
      environment: environment.environment,
      dryRun,
      interrupted: signal.aborted,
      checked,
      result,
    });
    auditFile.end({
      timestamp: clock.now().toISOString(),
      by,
      arguments: argv,
      report,
      changing: new Set(
        checked.filter(({ check }) => check.preview !== undefined).map(({ check }) => check.title),
      ),
    });
    await reporter.end(report, result);
    return report.exitCode;
  } finally {
    heartbeat.stop();
    auditFile.close();
  }
};

/** @throws {OperatorError} naming the nearest one. */
const findEnvironment = (name: string): Environment => {
  try {
    return loadEnvironment(name);
  } catch (error) {
    if (!(error instanceof UnknownEnvironmentError)) throw error;
    throw new OperatorError(error.message, { hint: suggestNearest(error.environment, error.known) });
  }
};

const explainMistake = (error: unknown): Explanation | undefined =>
  error instanceof OperatorError || error instanceof EnvironmentFileError ? error : undefined;

/** commander says `error: what is wrong`, and what it suggests on a line of its own. Whole help texts stay as they are. */
const explainComplaint = (
  complaint: string,
  [typed = ""]: readonly string[],
  { commands }: CommandUnknownOpts,
): Explanation => {
  if (!complaint.startsWith("error: ")) return { message: complaint.trimEnd() };
  const command = commands.some((known) => known.name() === typed) ? `${typed} ` : "";
  return {
    message: complaint
      .replace(/^error: /, "")
      .trim()
      .replaceAll("\n", " "),
    hint: "See",
    next: `npm run ops -- ${command}--help`,
  };
};
