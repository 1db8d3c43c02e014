import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import pMap from "p-map";
import type { ProgressReporter } from "./progress.ts";
import type { ScenarioResult } from "./report.ts";
import type { Scenario } from "./scenario.ts";

/** What a worker is told. */
export interface ToWorker {
  readonly bundle: string;
  readonly scenario: Scenario;
  readonly seed: number;
}

/** What a worker says: how far it is, then what came of it. */
export type FromWorker = { readonly settled: number } | { readonly result: ScenarioResult };

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));

/** Plays scenarios in simulated time, as many at once as there are CPUs. */
export const simulateAll = (
  bundle: string,
  scenarios: readonly Scenario[],
  seed: number,
  progress: ProgressReporter,
): Promise<ScenarioResult[]> =>
  pMap(
    scenarios,
    async (scenario) => {
      progress.started(scenario);
      const worker = fork(WORKER, { execArgv: ["--import", "tsx"] });
      let result: ScenarioResult | undefined;
      worker.on("message", (message: FromWorker) => {
        if ("result" in message) result = message.result;
        else progress.settled(scenario, message.settled);
      });
      worker.send({ bundle, scenario, seed } satisfies ToWorker);
      await once(worker, "close");
      if (result === undefined) throw new Error(`Scenario ${scenario.id} was not played to its end`);
      progress.finished(scenario);
      return result;
    },
    { concurrency: availableParallelism() },
  );
