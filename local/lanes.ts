/** Runs work that is in the same lane one after another, and other work side by side. */
export interface Lanes {
  /** @param lane undefined for work that waits for all before it, and that all after it waits for. */
  run<T>(lane: string | undefined, work: () => Promise<T>): Promise<T>;
}

export const createLanes = (): Lanes => {
  /** By lane, the end of what was put in last. */
  const ends = new Map<string, Promise<void>>();
  let barrier = Promise.resolve();
  return {
    run: (lane, work) => {
      const before =
        lane === undefined ? Promise.all([barrier, ...ends.values()]) : (ends.get(lane) ?? barrier);
      const result = Promise.resolve(before).then(work);
      // What it has come to is the caller's matter.
      const end = result.then(
        () => undefined,
        () => undefined,
      );
      if (lane === undefined) {
        ends.clear();
        barrier = end;
      } else {
        ends.set(lane, end);
        void end.then(() => {
          if (ends.get(lane) === end) ends.delete(lane);
        });
      }
      return result;
    },
  };
};
