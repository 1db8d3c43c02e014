import { isatty } from "node:tty";
import type { Scenario } from "./scenario.ts";

const EVERY_MS = 200;

/** Shows on standard error how far a scenario is: as a line that changes on a terminal, once elsewhere. */
export const showProgress = ({ id, title, services }: Scenario): ((settled: number) => void) => {
  const { stderr } = process;
  const line = `${id}: ${title}`;
  if (!isatty(stderr.fd)) {
    stderr.write(`${line} …\n`);
    return () => undefined;
  }
  let shownAt = 0;
  return (settled) => {
    const isLast = settled === services;
    if (!isLast && performance.now() - shownAt < EVERY_MS) return;
    shownAt = performance.now();
    stderr.write(`\r${line}: ${settled} of ${services}${isLast ? "\n" : ""}`);
  };
};
