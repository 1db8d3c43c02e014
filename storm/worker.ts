import { once } from "node:events";
import { simulate } from "./simulate.ts";
import type { FromWorker, ToWorker } from "./simulate-all.ts";

/** Plays one scenario in a process of its own. */
const say = (message: FromWorker): void => {
  process.send?.(message);
};
const [{ code, scenario, seed }] = (await once(process, "message")) as [ToWorker];
const result = await simulate(code, scenario, seed, (settled) => {
  if (settled % 50 === 0) say({ settled });
});
const { user, system } = process.cpuUsage();
say({ result, cpuSeconds: (user + system) / 1e6 });
process.disconnect();
