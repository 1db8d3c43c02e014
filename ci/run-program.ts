import { spawn } from "node:child_process";
import type { Output } from "../checklist/reporter.ts";
import { StepError } from "./errors.ts";
import type { Variables } from "./step.ts";

export interface RunProgramOptions {
  readonly cwd: string;
  readonly variables: Variables;
  readonly signal: AbortSignal;
  /** Gets the program's output as it comes; without it only its errors are told, when it fails. */
  readonly log?: Output;
}

/**
 * Runs a program to its end and resolves with its standard output.
 * @throws {StepError} when it cannot be started or fails.
 */
export const runProgram = (
  file: string,
  args: readonly string[],
  { cwd, variables, signal, log }: RunProgramOptions,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, env: variables, signal, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      log?.write(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
      log?.write(text);
    });
    child.once("error", (error) => {
      reject(new StepError(`${file} cannot be started: ${error.message}`, { cause: error }));
    });
    child.once("close", (code) => {
      if (code === 0) resolve(output);
      else reject(new StepError(`${file} ${args[0] ?? ""} failed\n${errors.trim()}`.trimEnd()));
    });
  });
