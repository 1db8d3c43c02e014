import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { barChart } from "../../bench/chart.ts";
import { writeDocument } from "../../bench/document.ts";
import { figures, isReached, type Measurements } from "../../bench/figures.ts";
import { formatRun, type BenchmarkRun } from "../../bench/benchmark-run.ts";
import type { PageCosts } from "../../bench/measure-page.ts";
import type { PlayCosts } from "../../bench/measure-play.ts";
import { DUMP_TENANTS, operatorDump } from "../../bench/operator-dump.ts";
import { cpuOfTasks } from "../../bench/page-probe.ts";
import { type Sample, summarizeSamples } from "../../bench/statistics.ts";

const sample = (median: number): Sample => ({ median, min: median - 1, max: median + 1 });

const variant = (id: "handler" | "unbundled" | "sdk", load: number, event: number) => ({
  id,
  title: `the ${id} & more`,
  loadMilliseconds: sample(load),
  rssMegabytes: sample(50),
  eventMicroseconds: sample(event),
});

/** As measured on a machine where everything is just good enough. */
const measurements = (change: { readonly load?: number } = {}): Measurements => ({
  zipBytes: 74_000,
  runtimes: [
    {
      node: "22.1.0",
      isLambdas: true,
      bare: { loadMilliseconds: sample(20), rssMegabytes: sample(40) },
      variants: [
        variant("handler", change.load ?? 72, 315),
        variant("unbundled", 225, 400),
        variant("sdk", 100, 300),
      ],
      rssMegabytesAfterEvents: { inFunction: 90, here: 90 },
      dynamoDbRequestsPerEvent: 1,
      ecsRequestsPerEvent: 0,
    },
  ],
  programs: {
    synthSeconds: sample(1.5),
    synthCpuSeconds: new Map([
      [1, sample(1)],
      [50, sample(50)],
      [100, sample(100)],
    ]),
    reconcile: { services: 10_000, seconds: sample(10), rssMegabytes: sample(200) },
  },
  reconciler: [
    { services: 10_000, seconds: 60, cpuSeconds: 10, rssMegabytes: 200 },
    { services: 50_000, seconds: 300, cpuSeconds: 50, rssMegabytes: 240 },
  ],
});

const scene = (title: string, longestTask: number): PageCosts["empty"] => ({
  title,
  longestTask: sample(longestTask),
  longTasks: sample(2),
  lateFrames: sample(1),
});

const page = (longestTask = 50): PageCosts => ({
  chromium: "150.0",
  bytes: 3_000_000,
  rounds: 5,
  empty: scene("an empty page, scrolled", 1),
  scenes: [scene("loading", longestTask), scene("scrolling", 10)],
});

const play = (largeMegabytes = 180): PlayCosts => ({
  rounds: 3,
  loadBefore: 0.1,
  files: [150, largeMegabytes].map((ownMegabytes, index) => ({
    megabytes: index === 0 ? 10 : 100,
    events: index === 0 ? 20_000 : 200_000,
    eventsPerSecond: sample(1500),
    containersCpu: sample(0.7),
    ownCpu: sample(0.35),
    dynamoDb: sample(0.2),
    ownMegabytes: sample(ownMegabytes),
    containerMegabytes: sample(120),
  })),
});

const run = (change?: { readonly load?: number }): BenchmarkRun => {
  const measured = measurements(change);
  return {
    date: "2026-03-01",
    machine: {
      processor: "A processor",
      cores: 2,
      memoryGigabytes: 8,
      system: "linux x64",
      python: undefined,
    },
    figures: figures(measured),
    runtimes: measured.runtimes,
    page: page(),
    play: play(),
    left: ["boto3 and jsonschema: not here"],
  };
};

describe("npm run bench", () => {
  it("takes the median of its rounds, and says how far they spread", () => {
    expect(summarizeSamples([5, 1, 3])).to.deep.equal({ median: 3, min: 1, max: 5 });
    expect(summarizeSamples([4, 1, 2, 3])).to.deep.equal({ median: 2.5, min: 1, max: 4 });
    expect(() => summarizeSamples([])).to.throw(RangeError, "Nothing was measured");
  });

  it("compares loading without what bare Node takes, and events with a bare send", () => {
    const values = new Map(figures(measurements()).map(({ title, value }) => [title, value]));
    expect(values.get("CPU to load, bare Node taken off, over the DynamoDB client alone")).to.equal(0.65);
    expect(values.get("CPU of the whole process to load, over the handler not bundled")).to.equal(0.32);
    expect(values.get("CPU for an event in order, over a bare UpdateItem send")).to.equal(1.05);
  });

  it("says of a goal that it is reached when it just is", () => {
    const missed = figures(measurements()).filter((figure) => !isReached(figure));
    expect(missed.map(({ title }) => title)).to.deep.equal([]);
    expect(formatRun(run())).not.to.contain("MISSED");
  });

  it("says of a goal that it is missed", () => {
    const lines = formatRun(run({ load: 90 })).split("\n");
    const missed = lines.filter((line) => line.includes("MISSED"));
    expect(missed).to.have.length(2);
    expect(missed[0]).to.match(/^CPU to load.* 22 +0\.88× +≤ 0\.65× +MISSED/);
  });

  it("names the machine, the versions and what it left out", () => {
    const text = formatRun(run());
    expect(text).to.contain("2026-03-01, A processor, 2 cores, 8 GB, linux x64, Node 22.1.0");
    expect(text).to.contain("Left out: boto3 and jsonschema: not here");
  });

  it("writes the same into a document, with charts that are beside it", async () => {
    const folder = await mkdtemp(join(tmpdir(), "performance-"));
    try {
      await writeDocument(run({ load: 90 }), folder);
      const document = await readFile(join(folder, "performance.md"), "utf8");
      expect(document).to.match(/\| CPU to load.*\| +0\.88× +\| +≤ 0\.65× +\| +MISSED \|/);
      const charts = [...document.matchAll(/!\[.*?\]\((.*?)\)/g)].map(([, file]) => file);
      expect([...charts, "performance.md"]).to.have.members(await readdir(folder));
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says of the page which of its longest tasks is felt, and how big it is", () => {
    const lines = formatRun({ ...run(), figures: [], page: page(60), play: undefined }).split("\n");
    expect(lines.filter((line) => /MISSED|reached/.test(line))).to.have.length(3);
    expect(lines.find((line) => line.includes("MISSED"))).to.match(
      /^CPU of that page's longest task, loading +60 ms +≤ 50 ms/,
    );
    expect(lines.find((line) => line.startsWith("Loading"))).to.match(/60 \(59–61\) +2 \(1–3\) +1 \(0–2\)/);
  });

  it("writes of the page alone into its section, and leaves all else in the document", async () => {
    const folder = await mkdtemp(join(tmpdir(), "performance-"));
    const path = join(folder, "performance.md");
    try {
      await writeDocument({ ...run(), page: undefined, play: undefined }, folder);
      const without = await readFile(path, "utf8");
      const alone = { ...run(), runtimes: [], figures: [], play: undefined };
      await writeDocument(alone, folder);
      await writeDocument({ ...alone, page: page(60) }, folder);
      const document = await readFile(path, "utf8");
      expect(document.startsWith(without.trimEnd())).to.be.true;
      expect(document.match(/CPU of that page's longest task, loading.*/g)).to.have.length(1);
      expect(document).to.match(/longest task, loading +\| +\| +60 ms \| +≤ 50 ms \| +MISSED/);
      await writeDocument({ ...run(), page: undefined, play: undefined }, folder);
      expect(await readFile(path, "utf8"), "a machine without Chromium leaves it").to.equal(document);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("says of npm start how fast it is, where the time goes, and whether its memory grows", () => {
    const lines = formatRun({ ...run(), figures: [], page: undefined, play: play(200) }).split("\n");
    expect(lines.find((line) => line.startsWith("Events that npm start"))).to.match(
      /1500\/s +≥ 1500\/s +reached/,
    );
    expect(lines.find((line) => line.startsWith("CPU for one of"))).to.match(/1050 µs +≤ 1333 µs +reached/);
    expect(lines.find((line) => line.includes("MISSED"))).to.match(
      /^Memory \(RSS\) of npm start, at most, for 100 MB of events over for 10 MB +1\.33× +≤ 1\.20×/,
    );
    expect(lines.find((line) => line.startsWith("100 MB"))).to.match(
      /^100 MB, 200,000 events +1500 \(1499–1501\) +1050 +700 +200 +350 +200 +120/,
    );
  });

  it("writes of npm start alone into its section, beside the page's", async () => {
    const folder = await mkdtemp(join(tmpdir(), "performance-"));
    const path = join(folder, "performance.md");
    try {
      await writeDocument(run(), folder);
      const before = await readFile(path, "utf8");
      const alone = { ...run(), runtimes: [], figures: [], page: undefined };
      await writeDocument({ ...alone, play: play(200) }, folder);
      const document = await readFile(path, "utf8");
      expect(document)
        .to.contain("1.33×")
        .and.to.match(/longest task, loading/);
      await writeDocument(alone, folder);
      expect(await readFile(path, "utf8")).to.equal(before);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("plays events of which each but the one that comes again has its own id, in the order of their times", () => {
    const events: { id: string; time: string; resources: string[] }[] = [];
    for (const line of operatorDump()) {
      if (events.length === 10 * DUMP_TENANTS) break;
      events.push(JSON.parse(line) as (typeof events)[number]);
    }
    expect(new Set(events.map(({ id }) => id))).to.have.property("size", 9 * DUMP_TENANTS);
    expect(new Set(events.map(({ resources }) => resources[0]))).to.have.property("size", DUMP_TENANTS);
    expect(events.slice(0, 200).map(({ time }) => time)).to.deep.equal(
      events
        .slice(0, 200)
        .map(({ time }) => time)
        .toSorted(),
    );
  });

  it("takes the CPU time of the page's own thread from a trace, and says when there is none", () => {
    const thread = (tid: number, name: string) => ({ name: "thread_name", pid: 1, tid, args: { name } });
    const task = (tid: number, tdur?: number) => ({ name: "RunTask", pid: 1, tid, tdur, args: {} });
    const threads = [thread(1, "CrRendererMain"), thread(2, "Compositor")];
    expect(cpuOfTasks([task(1, 7000), ...threads, task(2, 90_000), task(1)])).to.deep.equal([7]);
    expect(() => cpuOfTasks([...threads, task(2, 90_000), task(1)])).to.throw("told no CPU time");
  });

  it("draws a bar for each variant, the longest for the costliest", () => {
    const svg = barChart("Cost <of> things", "ms", [
      { label: "a & b", value: 10, isOurs: true },
      { label: "c", value: 40, isOurs: false },
    ]);
    const widths = [...svg.matchAll(/<rect [^>]*width="(\d+)"/g)].map(([, width]) => Number(width));
    expect(widths[1]).to.be.closeTo(4 * (widths[0] ?? 0), 4);
    expect(svg).to.contain("a &amp; b").and.to.contain("Cost &lt;of&gt; things").and.to.contain("40 ms");
  });
});
