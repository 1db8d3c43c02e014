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

export interface RunOptions {
  /** Hands the function all events at once, which Lambda does not, to save the waits of many. */
  readonly atOnce?: boolean;
  /** What Lambda says is left of an invocation. */
  readonly remainingMs?: number;
  /** Hears when the process has started, and how to kill it at once, as Lambda does when the time is over. */
  readonly onStart?: (kill: () => void) => void;
  /** A module that Node loads first. */
  readonly preload?: string;
  /** Environment variables that change once the first event has been handled. */
  readonly environmentLater?: Readonly<Record<string, string>> | undefined;
}

/** Loads the bundle as the runtime does, in a process of its own, and hands it the events one after the other. */
export const runBundle = async (
  bundlePath: string,
  environment: Readonly<Record<string, string>>,
  events: readonly unknown[],
  { atOnce = false, remainingMs = 900_000, preload, environmentLater = {}, onStart }: RunOptions = {},
): Promise<BundleRun> => {
  const preloading = preload === undefined ? [] : ["--require", preload];
  const child = spawn(process.execPath, [...preloading, "-e", RUNTIME, bundlePath], {
    env: environment,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  onStart?.(() => child.kill("SIGKILL"));
  const [, stdout, stderr, fourth] = child.stdio;
  if (!fourth || !("readable" in fourth)) throw new Error("The child has no fourth stream");
  child.stdin.end(JSON.stringify({ events, atOnce, environmentLater, remainingMs }));
  const [log, complaints, outcomes] = await Promise.all([
    text(stdout),
    text(stderr),
    text(fourth),
    once(child, "exit"),
  ]);
  if (outcomes === "") throw new Error(`The function's process ended early: ${complaints}`);
  const results = JSON.parse(outcomes) as BundleResult[] | { readonly loadError: string };
  if ("loadError" in results) throw new Error(`The bundle did not load: ${results.loadError}`);
  return {
    outcomes: results,
    log: log
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>),
    complaints,
  };
};

const RUNTIME = `
  const { readFileSync, writeFileSync } = require("node:fs");
  // Node would write 160 kB of the bundle before the reason, and lose the end of it when the reader is slow.
  const load = () => {
    try {
      return require(process.argv[1]);
    } catch (error) {
      writeFileSync(3, JSON.stringify({ loadError: error.stack }));
      process.exit();
    }
  };
  const { handler } = load();
  const handle = (event, index) =>
    handler(event, { awsRequestId: "request-" + index, getRemainingTimeInMillis: () => remainingMs }).then(
      (answer) => ({ answer }),
      ({ name, message }) => ({ errorType: name, errorMessage: message }),
    );
  const { events, atOnce, environmentLater, remainingMs } = JSON.parse(readFileSync(0, "utf8"));
  (async () => {
    const outcomes = atOnce ? await Promise.all(events.map(handle)) : [];
    if (!atOnce) {
      for (const [index, event] of events.entries()) {
        outcomes.push(await handle(event, index));
        Object.assign(process.env, environmentLater);
      }
    }
    writeFileSync(3, JSON.stringify(outcomes));
    // A pipe takes what it can hold and the rest later: an exit before that would lose lines.
    process.stdout.end(() => process.stderr.end(() => process.exit()));
  })();
`;
