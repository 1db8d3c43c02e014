import { existsSync, readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import type { OpsContext } from "../../ops/cli/run-ops.ts";
import { runOps } from "../../ops/cli/run-ops.ts";
import { findAuditViolations, findSchemaViolations } from "./json-schemas.ts";
import { type Answers, recordedAws, type RecordedAws } from "./recorded-aws.ts";

/** What a run left behind. */
export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly aws: RecordedAws;
}

export interface RunOptions extends Partial<OpsContext> {
  readonly answers?: Answers;
  /** What comes in at the standard input. */
  readonly input?: string;
}

/** When the tests' runs happen. */
export const NOW = new Date("2026-03-03T21:00:00Z");

/** Runs a command line, `"verify dev --json"`, whole; waiting takes no time. */
export const run = async (
  commandLine: string | readonly string[],
  { answers = {}, input = "", ...dependencies }: RunOptions = {},
): Promise<Run> => {
  const aws = recordedAws(answers);
  const written = { stdout: "", stderr: "" };
  let now = NOW.getTime();
  const words = typeof commandLine === "string" ? splitWords(commandLine) : commandLine;
  const exitCode = await runOps(words, {
    createAws: aws.createAws,
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    readInput: () => Promise.resolve(input),
    clock: {
      now: () => new Date(now),
      wait: (milliseconds, signal) => {
        signal.throwIfAborted();
        now += milliseconds;
        return Promise.resolve();
      },
    },
    signal: new AbortController().signal,
    startProgram: () => Promise.reject(new Error("no program may be started in this test")),
    ...dependencies,
  });
  if (written.stdout.startsWith("{\n") || written.stdout.startsWith('{"outcome":"mistake"')) {
    const violations = findSchemaViolations(JSON.parse(written.stdout));
    if (violations !== undefined) throw new Error(`${violations}: the schema says less than is printed`);
  }
  checkAuditFile(words);
  return { exitCode, ...written, aws };
};

/** Each line of the file that the command line names, if it could be written. */
const checkAuditFile = (words: readonly string[]): void => {
  const file = words[words.indexOf("--audit") + 1];
  if (!words.includes("--audit") || file === undefined || !existsSync(file)) return;
  for (const line of readFileSync(file, "utf8").trimEnd().split("\n").filter(Boolean)) {
    const violations = findAuditViolations(JSON.parse(line));
    if (violations !== undefined) throw new Error(`${line}\n${violations}`);
  }
};

/** As a shell would, quotes included. */
const splitWords = (commandLine: string): string[] =>
  [...commandLine.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");

/** A terminal that remembers what was drawn on it. */
export const createTerminal = (columns = 200): { stream: NodeJS.WriteStream; drawn: () => string } => {
  const stream = new PassThrough() as unknown as NodeJS.WriteStream;
  stream.isTTY = true;
  stream.columns = columns;
  stream.rows = 50;
  let drawn = "";
  stream.on("data", (chunk: Buffer) => (drawn += chunk.toString()));
  return { stream, drawn: () => drawn };
};
