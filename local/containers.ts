import type { InvocationResult, ProcessUsage } from "./conversation.ts";
import type { LambdaFunction } from "./lambda-function.ts";

/** The function in several processes, each of which handles one event at a time, as Lambda's containers do. */
export interface Containers {
  /** Has a container for as long as the work takes; waits where all have as many events as they may. */
  use<T>(work: (container: LocalContainer) => Promise<T>): Promise<T>;
  /** For how long they have been used, all together, in milliseconds. */
  usedMs(): number;
  /** The processor's time of all together, and the most memory that one has had. */
  usage(): ProcessUsage;
  close(): Promise<void>;
}

export type LocalContainer = Pick<LambdaFunction, "invoke">;

export interface ContainersOptions {
  readonly start: (name: string) => Promise<LambdaFunction>;
  readonly most: number;
  /** How many uses one container has had before another pays: a process takes a while to start. */
  readonly usesBeforeNext?: number;
  /** How many events a container is given at most: one that has the next at hand need not wait for it. */
  readonly eventsAtHand?: number;
}

/**
 * Starts one container, and others when there is so much to do that it is worth it.
 * @throws what starting the first one throws; one that starts later and fails rejects the next use.
 */
export const openContainers = async ({
  start,
  most,
  usesBeforeNext = 200,
  eventsAtHand = 1,
}: ContainersOptions): Promise<Containers> => {
  const running: RunningContainer[] = [];
  const waiting: ((container: RunningContainer) => void)[] = [];
  let starting: Promise<void> | undefined;
  let failure: { readonly error: unknown } | undefined;
  let uses = 0;
  let usedMs = 0;
  /** What the function has said that has ended its process: it would end the next one, too. */
  let end: InvocationResult | undefined;

  const startOne = async (): Promise<void> => {
    const started = await start(`container ${running.length + 1}`);
    const invoke: LambdaFunction["invoke"] = async (payload, tenantId) => {
      if (end !== undefined) return end;
      const result = await started.invoke(payload, tenantId);
      if (result.kind === "failed" && result.error.name === "FunctionEnded") end = { ...result, requests: 0 };
      return result;
    };
    const container = {
      invoke,
      usage: () => started.usage(),
      close: () => started.close(),
      events: 0,
      since: 0,
    };
    running.push(container);
    for (const go of waiting.splice(0, eventsAtHand)) go(take(container));
  };
  const startAnother = (): void => {
    if (starting !== undefined || running.length >= most || uses < running.length * usesBeforeNext) return;
    starting = startOne()
      .catch((error: unknown) => {
        failure = { error };
      })
      .finally(() => {
        starting = undefined;
      });
  };
  /** The one that has the least to do, where any may be given more. */
  const findFree = (): RunningContainer | undefined => {
    const [least] = running.toSorted((a, b) => a.events - b.events);
    return least !== undefined && least.events < eventsAtHand ? least : undefined;
  };

  const release = (container: RunningContainer): void => {
    if (--container.events === 0) usedMs += performance.now() - container.since;
    waiting.shift()?.(take(container));
  };

  await startOne();
  return {
    use: async (work) => {
      if (failure !== undefined) throw failure.error;
      uses++;
      if (running.every(({ events }) => events > 0)) startAnother();
      const free = findFree();
      const container =
        free === undefined
          ? await new Promise<RunningContainer>((resolve) => waiting.push(resolve))
          : take(free);
      try {
        return await work(container);
      } finally {
        release(container);
      }
    },
    usedMs: () => usedMs,
    usage: () => {
      const usages = running.map(({ usage }) => usage());
      return {
        cpuMs: usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
        dynamoDbMs: usages.reduce((sum, { dynamoDbMs }) => sum + dynamoDbMs, 0),
        maxRssBytes: Math.max(...usages.map(({ maxRssBytes }) => maxRssBytes)),
      };
    },
    close: async () => {
      await starting;
      for (const each of running) await each.close();
    },
  };
};

const take = (container: RunningContainer): RunningContainer => {
  if (container.events++ === 0) container.since = performance.now();
  return container;
};

interface RunningContainer {
  readonly invoke: LambdaFunction["invoke"];
  readonly usage: () => ProcessUsage;
  readonly close: () => Promise<void>;
  /** How many it has been given that it is not done with. */
  events: number;
  /** Since when it has had any. */
  since: number;
}
