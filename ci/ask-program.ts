import { execFile } from "node:child_process";
import { StepError } from "./errors.ts";
import type { StepContext } from "./step-context.ts";

/**
 * Asks another program something, such as git or gh, in the repository's folder.
 * @param further environment variables besides the context's.
 * @returns its standard output, trimmed.
 * @throws {StepError} when it cannot be started or fails, with what it complained about.
 */
export const askProgram = (
  { repository, variables, signal }: StepContext,
  file: string,
  args: readonly string[],
  further: StepContext["variables"] = {},
): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(
      file,
      args,
      { cwd: repository, env: { ...variables, ...further }, signal },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout.trim());
        else reject(new StepError(`${file} ${args[0] ?? ""}: ${stderr.trim() || error.message}`));
      },
    );
  });
