/** Waits until the next request may be sent. */
export type RequestPace = (signal: AbortSignal) => Promise<void>;

export interface PaceLimits {
  /** Requests that may be sent at once, after a rest. */
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * A token bucket, as AWS limits requests by: a caller that keeps to it is not throttled, and leaves the rest of the limit to
 * others. Each request takes a token, if need be one of the future, and waits until that is there.
 * @param nowMs a clock that only moves forward, in milliseconds
 */
export const createRequestPace = (
  { burst, perSecond }: PaceLimits,
  nowMs: () => number,
  wait: (milliseconds: number, signal: AbortSignal) => Promise<unknown>,
): RequestPace => {
  let tokens = burst;
  let filledAt = nowMs();
  return async (signal) => {
    const now = nowMs();
    tokens = Math.min(burst, tokens + ((now - filledAt) * perSecond) / 1000) - 1;
    filledAt = now;
    if (tokens < 0) await wait((-tokens * 1000) / perSecond, signal);
  };
};
