import { setTimeout as wait } from "node:timers/promises";

/** The longest that a timer can wait; beyond it would fire at once. */
const MAX_WAIT_MS = 2 ** 31 - 1;

/** Waits until an event is due. */
export type Pace = (eventTime: string | undefined, signal: AbortSignal) => Promise<void>;

/** Plays the gaps between the events' times, shortened by the speed. A late event, or one without a time, is due at once. */
export const createPace = (speed: number, now: () => number): Pace => {
  let start: PaceStart | undefined;
  return async (eventTime, signal) => {
    const eventMs = Date.parse(eventTime ?? "");
    if (Number.isNaN(eventMs)) return;
    start ??= { eventMs, atMs: now() };
    const waitMs = dueInMs(start, eventMs, speed, now());
    if (waitMs > 0) await wait(waitMs, undefined, { signal });
  };
};

/** The first event's time, and when it was played. */
export interface PaceStart {
  readonly eventMs: number;
  readonly atMs: number;
}

/** Milliseconds until an event is due; 0 when it is, or was. */
export const dueInMs = (start: PaceStart, eventMs: number, speed: number, nowMs: number): number =>
  Math.min(MAX_WAIT_MS, Math.max(0, start.atMs + (eventMs - start.eventMs) / speed - nowMs));
