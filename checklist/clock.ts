import { setTimeout as wait } from "node:timers/promises";

export interface Clock {
  now(): Date;
  /** Rejects with an AbortError as soon as the signal is aborted. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  wait: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
};
