import type { Scheduler } from "./clock.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly call: () => void;
  cancelled: boolean;
}

/**
 * Time that stands still while something runs and then jumps to the next timer. Timers of one moment fire in the order
 * in which they were set.
 */
export class VirtualClock implements Scheduler {
  #now: number;
  #order = 0;
  /** A binary heap: the next timer first. */
  readonly #timers: Timer[] = [];

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, call: () => void): () => void {
    const at = this.#now + Math.max(0, milliseconds);
    const timer: Timer = { at, order: this.#order++, call, cancelled: false };
    this.#push(timer);
    return () => {
      timer.cancelled = true;
    };
  }

  /**
   * Lets time pass until the promise is settled.
   * @throws {Error} when nothing is left to wait for, and the promise still is not.
   */
  async until(promise: Promise<unknown>): Promise<void> {
    const work = { settled: false };
    const settle = (): void => {
      work.settled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      // Promises and process.nextTick, which take no time, all have their turn before this does.
      await new Promise((resolve) => setImmediate(resolve));
      if (work.settled) break;
      const next = this.#timers[0];
      if (next === undefined) throw new Error("Simulated time has come to an end, but the work has not");
      this.#now = next.at;
      for (let due = this.#timers[0]; due?.at === this.#now; due = this.#timers[0]) {
        this.#pop();
        if (!due.cancelled) due.call();
      }
    }
    await promise;
  }

  #push(timer: Timer): void {
    const timers = this.#timers;
    let index = timers.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfLater(parent, index)) break;
      index = parent;
    }
  }

  #pop(): void {
    const timers = this.#timers;
    const last = timers.pop();
    if (last === undefined || timers.length === 0) return;
    timers[0] = last;
    for (let index = 0; ;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = isEarlier(timers[right], timers[left]) ? right : left;
      if (!this.#swapIfLater(index, child)) break;
      index = child;
    }
  }

  #swapIfLater(parent: number, child: number): boolean {
    const [above, below] = [this.#timers[parent], this.#timers[child]];
    if (above === undefined || below === undefined || !isEarlier(below, above)) return false;
    this.#timers[parent] = below;
    this.#timers[child] = above;
    return true;
  }
}

const isEarlier = (one: Timer | undefined, other: Timer | undefined): boolean =>
  one !== undefined &&
  (other === undefined || one.at < other.at || (one.at === other.at && one.order < other.order));
