import { createRequire } from "node:module";

/**
 * Runs the built reconciler once, as Lambda invokes it, and prints what it answered. Its waits for ECS's limits pass at
 * once: the clock that it measures them by jumps ahead instead, and so the seconds are those that a run would take.
 */
const [, , bundle = ""] = process.argv;
const require = createRequire(bundle);
const timers = require("node:timers/promises") as { setTimeout: (milliseconds?: number) => Promise<void> };
const realNow = performance.now.bind(performance);
let waitedMs = 0;
performance.now = () => realNow() + waitedMs;
timers.setTimeout = (milliseconds = 0) => {
  waitedMs += milliseconds;
  return Promise.resolve();
};

const { handler } = require(bundle) as {
  handler: (event: unknown, context: unknown) => Promise<Record<string, unknown>>;
};
void (async () => {
  const start = performance.now();
  const answer = await handler(
    { version: 1, kind: "scheduled" },
    { awsRequestId: "bench", getRemainingTimeInMillis: () => 900_000 },
  );
  console.log(JSON.stringify({ answer, seconds: (performance.now() - start) / 1000 }));
})();
