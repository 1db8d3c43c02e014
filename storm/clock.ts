/** Time as the storm's parts see it: simulated, or this machine's. */
export interface Scheduler {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once, so many milliseconds from now. Returns what takes it back. */
  after(milliseconds: number, call: () => void): () => void;
}

/** This machine's time. */
export const realClock: Scheduler = {
  now: () => Date.now(),
  after: (milliseconds, call) => {
    const timer = setTimeout(call, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  },
};
