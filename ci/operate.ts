import { blockInMarkdown } from "./markdown.ts";
import type { CreateAws } from "../ops/aws/clients.ts";
import { systemClock } from "../checklist/clock.ts";
import type { ExitCode } from "../checklist/exit-code.ts";
import type { Output } from "../checklist/reporter.ts";
import { runOps } from "../ops/cli/run-ops.ts";
import { startProgram, type StartProgram } from "../ops/cli/start-program.ts";

export interface OperateOptions {
  readonly createAws: CreateAws;
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
  /** Gets all output as it comes. */
  readonly log: Output;
}

export interface Operated {
  readonly exitCode: ExitCode;
  /** What the command said; the output of the programs that it started, Terraform's above all, is in the log alone. */
  readonly transcript: string;
  /** Of that, what went to the standard output: with `--json` one object. */
  readonly stdout: string;
}

/** Runs a command of the operator's CLI as `npm run ops` does, and keeps what it said for a summary. */
export const operate = async (
  args: readonly string[],
  { createAws, signal, log }: OperateOptions,
  start: StartProgram = startProgram,
): Promise<Operated> => {
  let transcript = "";
  let stdout = "";
  const tell = (text: string): void => {
    transcript += text;
    log.write(text);
  };
  const said: Output = {
    write: (text) => {
      stdout += text;
      tell(text);
    },
  };
  const complained: Output = { write: tell };
  const exitCode = await runOps(args, {
    createAws,
    stdout: said,
    stderr: complained,
    readInput: () => Promise.resolve(""),
    clock: systemClock,
    signal,
    // What a command reads itself, such as a plan with every value in it, is for nobody else.
    startProgram: (file, programArgs, options) =>
      start(file, programArgs, {
        ...options,
        output: options.isForPeople ? log : options.output,
      }),
  });
  return { exitCode, transcript, stdout };
};

/** The end of a transcript as Markdown: GitHub takes a summary of 1 MiB, and nobody reads that much. */
export const transcriptInMarkdown = (transcript: string): string =>
  blockInMarkdown(transcript.trimEnd().slice(-MAX_CHARACTERS));

const MAX_CHARACTERS = 30_000;
