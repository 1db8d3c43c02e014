import process from "node:process";

/** Ctrl-C; what a cancelled job gets soon after; and what a terminal that is closed sends. */
export type InterruptingSignal = "SIGINT" | "SIGTERM" | "SIGHUP";

const SIGNALS: readonly InterruptingSignal[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Hears the first of each signal, for the program to wind down; the same signal a second time ends the process. The listener
 * stays until then: the packages that draw on a terminal end the process at once where nobody but they listens.
 * @see https://github.com/tapjs/signal-exit
 */
export const onInterruption = (windDown: (signal: InterruptingSignal) => void): void => {
  for (const signal of SIGNALS) {
    let heard = false;
    const hear = (): void => {
      if (!heard) {
        heard = true;
        windDown(signal);
        return;
      }
      process.off(signal, hear);
      // Otherwise those packages, now alone, show the cursor again and end the process.
      if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
    };
    process.on(signal, hear);
  }
};
