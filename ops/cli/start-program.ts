import { spawn } from "node:child_process";
import { ObstacleError } from "../../checklist/errors.ts";
import type { Output } from "../../checklist/reporter.ts";
import { terraformBinary } from "../../stacks/terraform/terraform-binary.ts";
import { visibleProgramText } from "../../checklist/visible.ts";

export interface StartProgramOptions {
  /** Gets all that the program writes, its errors too. */
  readonly output: Output;
  /**
   * Whether people read it: Terraform prints what it finds in AWS, descriptions and tags that others wrote. Else the command
   * reads it itself, as it is.
   */
  readonly isForPeople: boolean;
  /** Once aborted, the program is asked to stop, and still waited for: Terraform has to save its state. */
  readonly signal: AbortSignal;
  /** The folder to run it in; else that of this process. */
  readonly cwd?: string | undefined;
  /** Environment variables besides those of this process. */
  readonly variables?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Runs another program, for `terraform` the one that is set to be; resolves with its exit code, 1 when a signal ended it. Starts nothing, and rejects with an
 * AbortError, once the signal is aborted.
 * @throws {ObstacleError} when it cannot be started.
 */
export type StartProgram = (
  file: string,
  args: readonly string[],
  options: StartProgramOptions,
) => Promise<number>;

export const startProgram: StartProgram = (file, args, { output, isForPeople, signal, cwd, variables }) =>
  new Promise((resolve, reject) => {
    signal.throwIfAborted();
    // In a process group of its own: the terminal's Ctrl-C would reach it beside ours, and a second interrupt makes
    // Terraform drop everything.
    // eslint-disable-next-line no-restricted-syntax -- a program inherits this process's environment
    const env = { ...process.env, ...variables };
    const child = spawn(file === "terraform" ? terraformBinary(env) : file, args, {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
      cwd,
      env,
    });
    const write = (text: string): void => {
      output.write(isForPeople ? visibleProgramText(text) : text);
    };
    // A character of several bytes may come in two pieces.
    child.stdout.setEncoding("utf8").on("data", write);
    child.stderr.setEncoding("utf8").on("data", write);
    const interrupt = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    };
    signal.addEventListener("abort", interrupt);
    child.once("error", (cause) => {
      reject(new ObstacleError(`${child.spawnfile} cannot be started: ${cause.message}`, { cause }));
    });
    child.once("close", (code) => {
      signal.removeEventListener("abort", interrupt);
      resolve(code ?? 1);
    });
  });
