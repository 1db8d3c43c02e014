import { isatty } from "node:tty";
import type { Scenario } from "./scenario.ts";

/** Hears how far the scenarios are. */
export interface ProgressReporter {
  started(scenario: Scenario): void;
  settled(scenario: Scenario, events: number): void;
  finished(scenario: Scenario): void;
}

/** Shows on standard error which scenarios are under way: in a line that changes on a terminal, else a line for each. */
export const createProgress = ({ stderr } = process): ProgressReporter => {
  if (!isatty(stderr.fd)) {
    const nothing = (): void => undefined;
    return {
      started: ({ id, title }) => stderr.write(`${id}: ${title} …\n`),
      settled: nothing,
      finished: nothing,
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
