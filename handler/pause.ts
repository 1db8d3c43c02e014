import { setTimeout as wait } from "node:timers/promises";

/** Waits; rejects when the signal is aborted. */
export const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  wait(milliseconds, undefined, { signal });
