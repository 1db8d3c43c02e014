import { isatty } from "node:tty";
import type { Scenario } from "./scenario.ts";

/** Hears how far the scenarios are. */
export interface ProgressReporter {
  started(scenario: Scenario): void;
  settled(scenario: Scenario, events: number): void;
  finished(scenario: Scenario, cpuSeconds: number): void;
}

/** Shows on standard error which scenarios are under way: in a line that changes on a terminal, else a line for each. */
export const createProgress = ({ stderr } = process): ProgressReporter => {
  if (!isatty(stderr.fd)) {
    return {
      started: ({ id, title }) => stderr.write(`${id}: ${title} …\n`),
      settled: () => undefined,
      finished: ({ id }, cpuSeconds) =>
        stderr.write(`${id}: played, ${cpuSeconds.toFixed(0)} s of CPU time\n`),
    };
  }
  const underWay = new Map<Scenario, number>();
  const show = (): void => {
    const parts = [...underWay].map(
      ([{ id, services }, events]) =>
        `${id}: ${events.toLocaleString("en")} of ${services.toLocaleString("en")}`,
    );
    stderr.write(`\r\u001b[K${parts.join("   ")}`);
  };
  return {
    started: (scenario) => {
      underWay.set(scenario, 0);
      show();
    },
    settled: (scenario, events) => {
      underWay.set(scenario, events);
      show();
    },
    finished: (scenario) => {
      underWay.delete(scenario);
      show();
    },
  };
};
