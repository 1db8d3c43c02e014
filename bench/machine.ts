import { execFile } from "node:child_process";
import { cpus, totalmem } from "node:os";
import { promisify } from "node:util";

/** What the figures were measured on; enough to judge them, not to find the machine. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  /** Undefined where there is none. */
  readonly python: string | undefined;
}

export const describeMachine = async (): Promise<Machine> => ({
  processor: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memoryGigabytes: Math.round(totalmem() / 2 ** 30),
  system: `${process.platform} ${process.arch}`,
  python: await promisify(execFile)("python3", ["--version"]).then(
    ({ stdout }) => stdout.trim().replace("Python ", ""),
    () => undefined,
  ),
});
