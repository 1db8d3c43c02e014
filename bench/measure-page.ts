import { errors } from "playwright-core";
import { startBrowser } from "./chromium.ts";
import { type PageHost, startPageHost } from "./page-host.ts";
import { NO_FRAMES, type SceneCosts, startProbe } from "./page-probe.ts";
import { EMPTY_SCENE, PAGE_SCENES } from "./page-scenes.ts";
import { type Sample, summarizeSamples } from "./statistics.ts";

/** What a page of 2,000 tenants with 50 changes each costs a browser. */
export interface PageCosts {
  readonly chromium: string;
  readonly bytes: number;
  readonly rounds: number;
  readonly empty: SceneSamples;
  readonly scenes: readonly SceneSamples[];
}

export interface SceneSamples extends Readonly<Record<keyof SceneCosts, Sample>> {
  readonly title: string;
}

const TIMEOUT_MS = 10_000;

/** In a real Chromium. Each round is a browser of its own, and an empty page in it, too. */
export const measurePage = async (executable: string, rounds: number): Promise<PageCosts> => {
  const host = await startPageHost();
  try {
    const measured: (readonly SceneCosts[])[] = [];
    let chromium = "";
    for (let attempt = 1; measured.length < rounds; attempt++)
      try {
        const { version, costs } = await measureRound(executable, host);
        measured.push(costs);
        chromium = version;
      } catch (error) {
        if (!hasStopped(error) || attempt >= 3 * rounds) throw error;
      }
    const [empty, ...scenes] = [EMPTY_SCENE, ...PAGE_SCENES].map(({ title }, place) => {
      const sample = (cost: keyof SceneCosts): Sample =>
        summarizeSamples(measured.map((costs) => costs[place]?.[cost] ?? NaN));
      return {
        title,
        longestTask: sample("longestTask"),
        longTasks: sample("longTasks"),
        lateFrames: sample("lateFrames"),
      };
    });
    if (empty === undefined) throw new Error("Nothing was measured");
    return { chromium, bytes: host.bytes, rounds, empty, scenes };
  } finally {
    await host.close();
  }
};

/** A Chromium without a window stops giving frames now and then: another one is asked. */
const hasStopped = (error: unknown): boolean =>
  error instanceof errors.TimeoutError || (error instanceof Error && error.message.includes(NO_FRAMES));

const measureRound = async (
  executable: string,
  host: PageHost,
): Promise<{ readonly version: string; readonly costs: readonly SceneCosts[] }> => {
  const browser = await startBrowser(executable);
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
    page.setDefaultTimeout(TIMEOUT_MS);
    const probe = await startProbe(page);
    await page.goto(host.emptyUrl);
    const costs: SceneCosts[] = [];
    for (const { play } of [EMPTY_SCENE, ...PAGE_SCENES])
      costs.push(await probe.measure(() => play(page, host)));
    return { version: browser.version(), costs };
  } finally {
    await browser.close();
  }
};
