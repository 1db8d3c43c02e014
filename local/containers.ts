import type { InvocationResult, LambdaFunction } from "./lambda-function.ts";

/** The function in several processes, each of which handles one event at a time, as Lambda's containers do. */
export interface Containers {
  /** Waits until a container is free, and has it for as long as the work takes. */
  use<T>(work: (container: LocalContainer) => Promise<T>): Promise<T>;
  /** For how long they have been used, all together, in milliseconds. */
  usedMs(): number;
  close(): Promise<void>;
}

export interface LocalContainer extends Pick<LambdaFunction, "invoke"> {
  /** What it signs its requests with, so that they can be told from others'. */
  readonly accessKeyId: string;
}

export interface ContainersOptions {
  readonly start: (accessKeyId: string) => Promise<LambdaFunction>;
  readonly most: number;
  /** How many uses one container has had before another pays: a process takes a while to start. */
  readonly usesBeforeNext?: number;
}

/**
 * Starts one container, and others when there is so much to do that it is worth it.
 * @throws what starting the first one throws; one that starts later and fails rejects the next use.
 */
export const openContainers = async ({
  start,
  most,
  usesBeforeNext = 200,
}: ContainersOptions): Promise<Containers> => {
  const functions: LambdaFunction[] = [];
  const free: LocalContainer[] = [];
  const waiting: ((container: LocalContainer) => void)[] = [];
  let starting: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;
  let uses = 0;
  let usedMs = 0;
  /** What the function has said that has ended its process: it would end the next one, too. */
  let end: InvocationResult | undefined;

  const release = (container: LocalContainer): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(container);
    else next(container);
  };
  const startOne = async (): Promise<void> => {
    const accessKeyId = `local-${functions.length + 1}`;
    const started = await start(accessKeyId);
    functions.push(started);
    release({
      accessKeyId,
      invoke: async (payload) => {
        if (end !== undefined) return end;
        const result = await started.invoke(payload);
        if (result.kind === "failed" && result.error.name === "FunctionEnded") end = result;
        return result;
      },
    });
  };
  const startAnother = (): void => {
    if (starting !== undefined || functions.length >= most || uses < functions.length * usesBeforeNext)
      return;
    starting = startOne()
      .catch((error: unknown) => {
        failure = { error };
      })
      .finally(() => {
        starting = undefined;
      });
  };

  await startOne();
  return {
    use: async (work) => {
      if (failure !== undefined) throw failure.error;
      uses++;
      let container = free.pop();
      if (container === undefined) {
        startAnother();
        container = await new Promise<LocalContainer>((resolve) => waiting.push(resolve));
      }
      const since = performance.now();
      try {
        return await work(container);
      } finally {
        usedMs += performance.now() - since;
        release(container);
      }
    },
    usedMs: () => usedMs,
    close: async () => {
      await starting;
      for (const each of functions) await each.close();
    },
  };
};
