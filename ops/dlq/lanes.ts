export interface LaneOptions<T> {
  /** Items of one lane run one after another, in the order given. */
  readonly laneOf: (item: T) => string;
  /** How many lanes may run side by side. */
  readonly concurrency: number;
  /** Asked before each item; once it says true, no further item is begun. */
  readonly isStopped: () => boolean;
}

/** Runs the items as early as their lanes and the concurrency allow. Returns those that were not begun. */
export const runInLanes = async <T>(
  items: readonly T[],
  { laneOf, concurrency, isStopped }: LaneOptions<T>,
  run: (item: T) => Promise<void>,
): Promise<readonly T[]> => {
  const waiting = [...items];
  const running = new Map<string, Promise<void>>();

  const begin = (item: T): void => {
    const lane = laneOf(item);
    running.set(
      lane,
      run(item).finally(() => running.delete(lane)),
    );
  };

  try {
    while (!isStopped()) {
      const next = running.size < concurrency ? waiting.findIndex((item) => !running.has(laneOf(item))) : -1;
      const [item] = next === -1 ? [] : waiting.splice(next, 1);
      if (item !== undefined) begin(item);
      else if (running.size > 0) await Promise.race(running.values());
      else break;
    }
  } finally {
    // Whatever was begun is seen to its end, even when one of them failed.
    await Promise.allSettled(running.values());
  }
  return waiting;
};
