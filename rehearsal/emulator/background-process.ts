import type { EnvironmentVariables } from "../../stacks/terraform/environment-variables.ts";
import { spawn } from "node:child_process";
import { openSync, closeSync } from "node:fs";

/** A program that runs beside the rehearsal until it is stopped. */
export interface BackgroundProcess {
  readonly pid: number;
  /** Resolves with how it ended. */
  readonly ended: Promise<string>;
  /** Asks it to end, and insists after a while. */
  stop(): Promise<void>;
}

export interface BackgroundOptions {
  readonly env: EnvironmentVariables;
  readonly logFile: string;
}

const PATIENCE_MS = 10_000;

export const startInBackground = (
  file: string,
  args: readonly string[],
  { env, logFile }: BackgroundOptions,
): BackgroundProcess => {
  const log = openSync(logFile, "a");
  // In a process group of its own, so that Ctrl-C leaves it to us: it has to outlive what still uses it.
  const child = spawn(file, args, { env, stdio: ["ignore", log, log], detached: true });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once("error", (error) => {
      resolve(error.message);
    });
    child.once("exit", (code, signal) => {
      resolve(signal ?? `exit code ${code ?? "unknown"}`);
    });
  });
  return {
    pid: child.pid ?? 0,
    ended,
    stop: async () => {
      child.kill("SIGTERM");
      const insist = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      await ended;
      clearTimeout(insist);
    },
  };
};
