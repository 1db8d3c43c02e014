import type { Clock } from "../../checklist/clock.ts";

export interface ManualClock extends Clock {
  /** Ends the wait under way; resolves when the next one has begun, so that what was due in between is done. */
  endWait(): Promise<void>;
}

/** A clock on which waits end when the test says so. */
export const createManualClock = (): ManualClock => {
  let end = (): void => undefined;
  let begun = (): void => undefined;
  return {
    now: () => new Date(),
    wait: (_milliseconds, signal) =>
      new Promise((resolve, reject) => {
        end = resolve;
        signal.addEventListener("abort", () => {
          reject(signal.reason as Error);
        });
        begun();
      }),
    endWait: () =>
      new Promise((resolve) => {
        begun = resolve;
        end();
      }),
  };
};
