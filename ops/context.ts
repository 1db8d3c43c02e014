import type { Environment } from "../envs/environment.ts";
import type { ResourceNames } from "../envs/resource-names.ts";
import type { Aws } from "./aws/clients.ts";
import type { Clock } from "../checklist/clock.ts";
import type { Output } from "../checklist/reporter.ts";

/** What a command works with. */
export interface Context {
  readonly environment: Environment;
  readonly names: ResourceNames;
  readonly aws: Aws;
  /** Whose credentials these are; AWS is asked once. */
  readonly identity: () => Promise<Identity>;
  readonly clock: Clock;
  /** Aborted by Ctrl-C. Hand it to requests that only read and to waits; let changes finish. */
  readonly signal: AbortSignal;
  /** True when nothing may be changed; checks with a `preview` need not look at it. */
  readonly dryRun: boolean;
  /** Writes a line of JSON to the error stream, time and environment added: who did what, and why. */
  readonly audit: (record: Readonly<Record<string, unknown>>) => void;
  readonly runProgram: RunProgram;
  /** The standard input, whole. */
  readonly readInput: () => Promise<string>;
}

export interface Identity {
  readonly accountId: string;
  readonly arn: string;
}

/**
 * Runs another program and resolves with its exit code; rejects with an AbortError when it failed after an interruption. Its output goes to the operator as it comes, or to `output` when
 * that is given.
 */
export type RunProgram = (
  file: string,
  args: readonly string[],
  options?: RunProgramOptions,
) => Promise<number>;

export interface RunProgramOptions {
  /** The folder to run it in. */
  readonly cwd?: string;
  /** Environment variables besides those of this process. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  readonly output?: Output;
  /** Gets a copy of all that it writes. */
  readonly hear?: (text: string) => void;
}
