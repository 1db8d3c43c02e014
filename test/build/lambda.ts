import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** What the function returned for an event, or what it threw, as the Lambda runtime reports it. */
export type BundleResult =
  | { readonly answer: Record<string, unknown> }
  | { readonly errorType: string; readonly errorMessage: string };

export interface BundleRun {
  readonly outcomes: readonly BundleResult[];
  /** What the function logged: a JSON object for each line. */
  readonly log: readonly Record<string, unknown>[];
  /** What it wrote to standard error. */
  readonly complaints: string;
}

/** Loads the bundle as the runtime does, in a process of its own, and hands it the events one after the other. */
export const runBundle = async (
  bundlePath: string,
  environment: Readonly<Record<string, string>>,
  events: readonly unknown[],
): Promise<BundleRun> => {
  const child = spawn(process.execPath, ["-e", RUNTIME, bundlePath], {
    env: environment,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const [, stdout, stderr, results] = child.stdio;
  if (!results || !("readable" in results)) throw new Error("The child has no fourth stream");
  child.stdin.end(JSON.stringify(events));
  const [log, complaints, outcomes] = await Promise.all([
    text(stdout),
    text(stderr),
    text(results),
    once(child, "exit"),
  ]);
  if (outcomes === "") throw new Error(`The bundle did not load: ${complaints}`);
  return {
    outcomes: JSON.parse(outcomes) as BundleResult[],
    log: log
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>),
    complaints,
  };
};

const RUNTIME = `
  const { readFileSync, writeFileSync } = require("node:fs");
  const { handler } = require(process.argv[1]);
  (async () => {
    const outcomes = [];
    for (const event of JSON.parse(readFileSync(0, "utf8"))) {
      outcomes.push(
        await handler(event).then(
          (answer) => ({ answer }),
          ({ name, message }) => ({ errorType: name, errorMessage: message }),
        ),
      );
    }
    writeFileSync(3, JSON.stringify(outcomes));
    process.exit();
  })();
`;
