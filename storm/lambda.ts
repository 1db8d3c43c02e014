import type { Scheduler } from "./clock.ts";

/** A container of the function, free or busy with one event. */
export interface Container {
  /** Rejects when the handler throws. */
  handle(event: object): Promise<unknown>;
}

export interface LambdaOptions {
  readonly clock: Scheduler;
  /** Starts a container; resolves once the function is loaded. */
  readonly start: (number: number) => Promise<Container>;
  /** How many containers the account allows. */
  readonly concurrency: number;
  /** How long after a failed attempt the next begins. */
  readonly retryAfterMs: readonly number[];
}

/** What became of one event. */
export interface Fate {
  /** From the event's arrival to the end of the attempt that handled it; undefined for a dead letter. */
  readonly lagMs: number | undefined;
  readonly failedAttempts: number;
}

export interface Lambda {
  /** Hands an event over, as EventBridge does: asynchronously. Resolves when nothing more happens to it. */
  invoke(event: object): Promise<Fate>;
  readonly containers: number;
}

/** What Lambda allows the function, in milliseconds. */
const FUNCTION_TIMEOUT_MS = 30_000;

/**
 * Lambda's asynchronous invocation: a container has one event at a time; when none is free, another is started, up to
 * the account's concurrency, beyond which events wait for their turn; what fails is tried again after each of the
 * waits, and is a dead letter then.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export const createLambda = ({ clock, start, concurrency, retryAfterMs }: LambdaOptions): Lambda => {
  const free: Container[] = [];
  const waiting: ((container: Container) => void)[] = [];
  let containers = 0;

  const acquire = async (): Promise<Container> => {
    const container = free.pop();
    if (container !== undefined) return container;
    if (containers < concurrency) return start(containers++);
    return new Promise((resolve) => waiting.push(resolve));
  };
  const release = (container: Container): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(container);
    else next(container);
  };

  const attempt = async (event: object): Promise<boolean> => {
    const container = await acquire();
    let takeBack: () => void = () => undefined;
    const timeout = new Promise<never>((_, reject) => {
      takeBack = clock.after(FUNCTION_TIMEOUT_MS, () => {
        reject(new Error("Task timed out"));
      });
    });
    try {
      await Promise.race([container.handle(event), timeout]);
      return true;
    } catch {
      return false;
    } finally {
      takeBack();
      release(container);
    }
  };

  return {
    invoke: async (event) => {
      const arrivedAt = clock.now();
      for (let failedAttempts = 0; ; failedAttempts++) {
        if (await attempt(event)) return { lagMs: clock.now() - arrivedAt, failedAttempts };
        const wait = retryAfterMs[failedAttempts];
        if (wait === undefined) return { lagMs: undefined, failedAttempts: failedAttempts + 1 };
        await new Promise<void>((resolve) => clock.after(wait, resolve));
      }
    },
    get containers() {
      return containers;
    },
  };
};
