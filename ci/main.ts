import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { tolerateClosedOutput } from "../checklist/closed-output.ts";
import { EnvironmentFileError } from "../envs/errors.ts";
import { explainAwsError } from "../ops/aws/explain-error.ts";
import { createAws } from "../ops/aws/clients.ts";
import { describeExplanation, ObstacleError } from "../checklist/errors.ts";
import { StepError } from "./errors.ts";
import { flagsOf, givenOptions } from "./given-options.ts";
import { operatorFlags } from "./operator-flags.ts";
import { createCiProgram } from "./program.ts";
import { visibleLines } from "../checklist/visible.ts";

/** `npm run ci -- <step>`: one step of a GitHub workflow. */
tolerateClosedOutput();
const interruption = new AbortController();
// GitHub sends the step of a cancelled job SIGINT, SIGTERM after 7.5 s, and kills it 2.5 s later. Terraform is interrupted
// once, has to save its state then, and is waited for: neither signal may end this process before.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => {
    interruption.abort();
  });

// GitHub obeys lines of the log such as `::add-mask::`; what a tenant or a reason is called must not be one.
// eslint-disable-next-line no-restricted-syntax -- this is the edge where the environment is read
if (process.env["GITHUB_ACTIONS"] === "true") {
  const token = randomUUID();
  writeSync(1, `::stop-commands::${token}\n`);
  process.on("exit", () => {
    writeSync(1, `::${token}::\n`);
  });
}

const program = createCiProgram(
  {
    // eslint-disable-next-line no-restricted-syntax -- this is the edge where the environment is read
    variables: process.env,
    createAws,
    signal: interruption.signal,
    log: process.stdout,
    repository: fileURLToPath(new URL("..", import.meta.url)),
  },
  (exitCode) => {
    process.exitCode = exitCode;
  },
);
try {
  const flags = new Set([...flagsOf(program), ...operatorFlags()]);
  await program.parseAsync(givenOptions(process.argv.slice(2), flags), { from: "user" });
} catch (error) {
  const message = interruption.signal.aborted ? "Interrupted" : explain(error);
  if (message === undefined) throw error;
  console.error(visibleLines(message));
  process.exitCode = 1;
}
// As a shell says of a program that SIGINT ended.
if (interruption.signal.aborted) process.exitCode = 130;

/** Undefined for a bug. */
function explain(error: unknown): string | undefined {
  if (error instanceof StepError) {
    const { message, hint, next, cause } = error;
    return describeExplanation({
      message: cause instanceof Error ? `${message} (${cause.message})` : message,
      hint,
      next,
    });
  }
  if (error instanceof EnvironmentFileError) return error.message;
  if (error instanceof ObstacleError) return describeExplanation(error);
  // Octokit's errors; their class is in a package that is not ours to import.
  if (error instanceof Error && error.name === "HttpError") return `GitHub refuses: ${error.message}`;
  const explanation = explainAwsError(error);
  return explanation && describeExplanation(explanation);
}
