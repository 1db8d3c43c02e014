import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { EnvironmentVariables } from "../stacks/terraform/environment-variables.ts";

/** How a program ended. */
export interface Ended {
  readonly exitCode: number;
  /** What it printed, without errors. */
  readonly stdout: string;
  readonly stderr: string;
  readonly logFile: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  readonly env: EnvironmentVariables;
  /** Gets all that it prints. */
  readonly logFile: string;
  /** Interrupts it, and waits for its end all the same: Terraform has to save its state. */
  readonly signal: AbortSignal;
  /** Hears all that it has printed so far, without errors, each time that it prints more. */
  readonly onPrinted?: ((stdout: string) => void) | undefined;
  /** Hears its process id, as who signals it alone has to know. */
  readonly onStarted?: ((pid: number) => void) | undefined;
}

export const runWithLog = async (
  file: string,
  args: readonly string[],
  { cwd, env, logFile, signal, onPrinted, onStarted }: ProgramOptions,
): Promise<Ended> => {
  signal.throwIfAborted();
  const log = createWriteStream(logFile, { flags: "a" });
  log.write(`$ ${[file, ...args].join(" ")}\n`);
  // A process group of its own: the terminal's Ctrl-C is handed on once, to all of it.
  const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  if (child.pid !== undefined) onStarted?.(child.pid);
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    log.write(text);
    onPrinted?.(stdout);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    log.write(text);
  });
  const interrupt = (): void => {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
  };
  signal.addEventListener("abort", interrupt);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      resolve(code ?? 1);
    });
  });
  signal.removeEventListener("abort", interrupt);
  log.end(`exit code ${exitCode}\n`);
  await finished(log);
  signal.throwIfAborted();
  return { exitCode, stdout, stderr, logFile };
};
