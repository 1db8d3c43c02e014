import type { CDPSession, Page } from "playwright-core";

/** What a scene cost the thread that draws the page and hears keys. */
export interface SceneCosts {
  /** CPU time of the longest task, in milliseconds: a busy machine makes it longer, but much less than the time by the clock. */
  readonly longestTask: number;
  /** How many tasks took more than 50 ms, as the browser tells pages: of time, not of CPU. */
  readonly longTasks: number;
  /** The share of frames that came more than 50 ms after the one before, in percent. */
  readonly lateFrames: number;
}

export interface PageProbe {
  measure(play: () => Promise<unknown>): Promise<SceneCosts>;
}

const LONG_MS = 50;

/** What the error says where the browser has stopped drawing: the round says nothing then. */
export const NO_FRAMES = "the browser gives no frames";

/** In the page, from its beginning. @see https://developer.mozilla.org/en-US/docs/Web/API/PerformanceLongTaskTiming */
const WATCH = `{
  const longTasks = [], frames = [];
  new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask", buffered: true });
  let last;
  const next = (now) => {
    if (last !== undefined) frames.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  // A Chromium without a window stops giving frames now and then. What is not drawn costs nothing: it is no measurement.
  globalThis.nextFrame = () => new Promise((done, fail) => {
    requestAnimationFrame(done);
    setTimeout(() => fail(new Error("${NO_FRAMES}")), 5000);
  });
  globalThis.takeWatched = () => ({ longTasks: longTasks.splice(0), frames: frames.splice(0) });
}`;

/** After what was done has been drawn. */
const DRAWN = "nextFrame().then(nextFrame).then(() => new Promise((done) => setTimeout(done)))";

export const startProbe = async (page: Page): Promise<PageProbe> => {
  await page.addInitScript(WATCH);
  const session = await page.context().newCDPSession(page);
  return {
    measure: async (play) => {
      await page.evaluate("globalThis.takeWatched?.()");
      const stop = await startTrace(session);
      await play();
      await page.evaluate(DRAWN);
      const { longTasks, frames } = await page.evaluate<Watched>("takeWatched()");
      if (frames.length === 0) throw new Error(NO_FRAMES);
      return {
        longestTask: Math.max(0, ...cpuOfTasks(await stop())),
        longTasks: longTasks.length,
        lateFrames: (100 * frames.filter((ms) => ms > LONG_MS).length) / frames.length,
      };
    },
  };
};

interface Watched {
  readonly longTasks: readonly number[];
  readonly frames: readonly number[];
}

/** @see https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** CPU time, in microseconds. */
  readonly tdur?: number | undefined;
  readonly args: { readonly name?: string };
}

const startTrace = async (session: CDPSession): Promise<() => Promise<readonly TraceEvent[]>> => {
  const events: TraceEvent[] = [];
  const collect = ({ value }: { value: object[] }): void => {
    events.push(...(value as TraceEvent[]));
  };
  session.on("Tracing.dataCollected", collect);
  await session.send("Tracing.start", {
    transferMode: "ReportEvents",
    traceConfig: { includedCategories: ["toplevel"] },
  });
  return async () => {
    const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
    await session.send("Tracing.end");
    await complete;
    session.off("Tracing.dataCollected", collect);
    return events;
  };
};

/** Of the tasks of pages' main threads and of their parts, in milliseconds. @throws where the browser does not tell. */
export const cpuOfTasks = (events: readonly TraceEvent[]): readonly number[] => {
  const threadOf = ({ pid, tid }: TraceEvent): string => `${pid}.${tid}`;
  const main = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
      .map((event) => threadOf(event)),
  );
  const cpu = events.flatMap((event) =>
    event.tdur === undefined || !main.has(threadOf(event)) ? [] : [event.tdur / 1000],
  );
  if (cpu.length === 0) throw new Error("Chromium told no CPU time of the page's tasks");
  return cpu;
};
