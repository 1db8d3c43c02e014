import { describeExplanation, ErrorWithAdvice } from "../../checklist/errors.ts";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCiProgram } from "../../ci/program.ts";
import type { CreateAws } from "../../ops/aws/clients.ts";
import type { EnvironmentVariables } from "../../stacks/terraform/environment-variables.ts";
import type { StepContext } from "../../ci/step-context.ts";
import { type Answers, recordedAws, type RecordedAws } from "../ops/recorded-aws.ts";

/** A job on GitHub: its variables, files and AWS, and what its steps have left there. */
export interface TestJob {
  readonly context: StepContext;
  readonly aws: RecordedAws;
  /** Runs `npm run ci -- <args>`; resolves with the exit code that the step set, rejects as the step does. */
  readonly run: (...args: readonly string[]) => Promise<number>;
  readonly summary: () => string;
  readonly outputs: () => string;
  readonly log: () => string;
  readonly remove: () => void;
}

export interface JobOptions {
  readonly variables?: EnvironmentVariables;
  readonly answers?: Answers;
  /** In place of the answers. */
  readonly createAws?: CreateAws;
  readonly repository?: string;
}

export const createJob = ({
  variables = {},
  answers = {},
  createAws,
  repository,
}: JobOptions = {}): TestJob => {
  const folder = mkdtempSync(join(tmpdir(), "job-"));
  const files = { GITHUB_STEP_SUMMARY: join(folder, "summary.md"), GITHUB_OUTPUT: join(folder, "output") };
  for (const file of Object.values(files)) writeFileSync(file, "");
  const aws = recordedAws(answers);
  let log = "";
  const context: StepContext = {
    variables: { ...files, ...variables },
    createAws: createAws ?? aws.createAws,
    signal: new AbortController().signal,
    log: { write: (text) => (log += text) },
    repository: repository ?? folder,
  };
  return {
    context,
    aws,
    run: async (...args) => {
      let exitCode = 0;
      const program = createCiProgram(context, (code) => {
        exitCode = code;
      });
      for (const command of [program, ...program.commands])
        command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
      await program.parseAsync(args, { from: "user" });
      return exitCode;
    },
    summary: () => readFileSync(files.GITHUB_STEP_SUMMARY, "utf8"),
    outputs: () => readFileSync(files.GITHUB_OUTPUT, "utf8"),
    log: () => log,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
};

/** Awaits a rejection and gives what it says, with what to do about it. */
export const complaintOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ErrorWithAdvice) return describeExplanation(error);
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error("it should have failed");
};
