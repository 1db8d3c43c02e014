import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import pMap from "p-map";
import type { FunctionCode } from "./function-code.ts";
import type { ProgressReporter } from "./progress.ts";
import type { ScenarioResult } from "./report.ts";
import type { Scenario } from "./scenario.ts";

/** What a worker is told. */
export interface ToWorker {
  readonly code: FunctionCode;
  readonly scenario: Scenario;
  readonly seed: number;
}

/** What a worker says: how far it is, then what came of it. */
export type FromWorker = { readonly settled: number } | Finished;

interface Finished {
  readonly result: ScenarioResult;
  readonly cpuSeconds: number;
}

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

/**
 * Plays scenarios in simulated time, each in a process of its own, as many at once as there are CPUs. The largest ones
 * start first, so that no CPU is idle while another one plays the last of them.
 */
export const simulateAll = async (
  code: FunctionCode,
  scenarios: readonly Scenario[],
  seed: number,
  progress: ProgressReporter,
): Promise<ScenarioResult[]> => {
  const results = await pMap(
    [...scenarios].sort((one, other) => other.services - one.services),
    (scenario) => simulateApart({ code, scenario, seed }, progress),
    { concurrency: availableParallelism() },
  );
  return scenarios.flatMap((scenario) => results.filter((result) => result.scenario.id === scenario.id));
};

const simulateApart = async (task: ToWorker, progress: ProgressReporter): Promise<ScenarioResult> => {
  const { scenario } = task;
  progress.started(scenario);
  const worker = fork(WORKER, { execArgv: ["--import", "tsx"] });
  let finished: Finished | undefined;
  worker.on("message", (message: FromWorker) => {
    if ("result" in message) finished = message;
    else progress.settled(scenario, message.settled);
  });
  worker.send(task);
  await once(worker, "close");
  if (finished === undefined) throw new Error(`Scenario ${scenario.id} was not played to its end`);
  progress.finished(scenario, finished.cpuSeconds);
  return finished.result;
};
