import { appendFileSync } from "node:fs";
import type { CreateAws } from "../ops/aws/clients.ts";
import type { Output } from "../checklist/reporter.ts";
import type { EnvironmentVariables } from "../stacks/terraform/environment-variables.ts";
import { StepError } from "./errors.ts";
import { visibleLines, visibleText } from "../checklist/visible.ts";

/** What a step of a workflow works with. */
export interface StepContext {
  /** The environment variables: GitHub's own, and those that the workflow sets. */
  readonly variables: EnvironmentVariables;
  readonly createAws: CreateAws;
  /** Aborted when the job is cancelled. */
  readonly signal: AbortSignal;
  readonly log: Output;
  /** The repository's files are below this folder, absolute; what steps leave for others is in its `dist/`. */
  readonly repository: string;
}

/**
 * Markdown for the page that shows the run. Away from GitHub it goes to the log.
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#environment-files
 */
export const summarize = ({ variables, log }: StepContext, markdown: string): void => {
  const file = variables["GITHUB_STEP_SUMMARY"];
  if (file === undefined || file === "") log.write(`${visibleLines(markdown)}\n`);
  else appendFileSync(file, `${markdown}\n\n`);
};

/** A value that later steps of the job can use; to the log too. */
export const setOutput = ({ variables, log }: StepContext, name: string, value: string): void => {
  // A line break would end the value and begin another output.
  if (/[\r\n]/.test(value)) throw new StepError(`The output ${name} must be one line`);
  log.write(`${name}=${visibleText(value)}\n`);
  const file = variables["GITHUB_OUTPUT"];
  if (file !== undefined && file !== "") appendFileSync(file, `${name}=${value}\n`);
};

/** @throws {StepError} when the workflow did not set it. */
export const requireVariable = ({ variables }: StepContext, name: string): string => {
  const value = variables[name];
  if (value === undefined || value === "")
    throw new StepError(`The environment variable ${name} is not set`, {
      hint: "Run the step in its workflow, which sets it",
    });
  return value;
};
