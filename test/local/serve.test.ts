import { request } from "node:http";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { StartOptions } from "../../local/options.ts";
import { UsageError } from "../../local/errors.ts";
import type { RunEnd } from "../../local/playback-reporter.ts";
import { run } from "../../local/run.ts";
import { serviceAction, serviceArnOf } from "../handler/events.ts";
import { findChromium, startBrowser } from "../../bench/chromium.ts";
import { packedOf, readPage } from "../page/read-page.ts";
import { defaultOptions } from "./default-options.ts";

const OPTIONS: StartOptions = { ...defaultOptions, serve: { port: 0, address: "127.0.0.1" } };

interface Serving {
  readonly endpoint: string;
  /** Ends it, and resolves with what it has come to. */
  readonly stop: () => Promise<RunEnd>;
}

const serve = async (
  options: Partial<StartOptions> = {},
  played: () => void = () => undefined,
): Promise<Serving> => {
  const stop = new AbortController();
  let end: RunEnd | undefined;
  let done: Promise<boolean> = Promise.resolve(true);
  const endpoint = await new Promise<string>((resolve, reject) => {
    done = run(
      { ...OPTIONS, ...options },
      {
        standardInput: Readable.from([]),
        signal: stop.signal,
        reporter: {
          started: () => undefined,
          logLine: () => undefined,
          played,
          serving: resolve,
          finished: (finished) => {
            end = finished;
          },
          close: () => undefined,
        },
      },
    );
    done.catch(reject);
  });
  return {
    endpoint,
    stop: async () => {
      stop.abort();
      await done;
      if (end === undefined) throw new Error("it did not finish");
      return end;
    },
  };
};

const happened = (tenantId: string, name: string, minute: number): object =>
  serviceAction(name, {
    id: `${tenantId}-${minute}`,
    time: `2026-03-03T20:${String(minute).padStart(2, "0")}:00Z`,
    resources: [serviceArnOf(tenantId)],
  });

const post = async (
  endpoint: string,
  body: string | Buffer,
): Promise<{ status: number; answer: unknown }> => {
  const response = await fetch(`${endpoint}events`, {
    method: "POST",
    body: new Uint8Array(Buffer.from(body)),
  });
  return { status: response.status, answer: await response.json() };
};

/** With headers that fetch would not let anybody set. */
const ask = (
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  method = "GET",
  path = "",
): Promise<number> =>
  new Promise((resolve, reject) => {
    request(`${endpoint}${path}`, { method, headers }, (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });

describe("npm start -- --serve", () => {
  it("plays what is sent, one after the other, answers what came of it, and ends with the totals", async () => {
    const { endpoint, stop } = await serve();
    expect(endpoint).to.match(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect(readPage(await (await fetch(endpoint)).text()).tenants).to.deep.equal([]);
    const [one, two] = await Promise.all([
      post(endpoint, JSON.stringify(happened("acme", "SERVICE_STEADY_STATE", 1))),
      post(endpoint, gzipSync(JSON.stringify([happened("globex", "SERVICE_TASK_START_IMPAIRED", 2)]))),
    ]);
    expect(one).to.deep.equal({ status: 200, answer: { events: 1, applied: 1, ignored: {}, failed: 0 } });
    expect(two.status).to.equal(200);
    const page = readPage(await (await fetch(endpoint)).text());
    expect(page.tenants.map(({ id, status }) => [id, status])).to.deep.equal([
      ["acme", "ACTIVE"],
      ["globex", "FAILED"],
    ]);
    expect(page.tenants[0]?.events[0]).to.include({ id: "acme-1", effect: "(none) → ACTIVE" });
    const { summary, rows, isStopped } = await stop();
    expect(summary).to.include({ events: 2, applied: 2, failed: 0 });
    expect(rows).to.have.lengthOf(2);
    expect(isStopped).to.be.false;
  });

  it("counts what was played of a sender who broke off", async () => {
    let events = 0;
    let second: () => void;
    const played = new Promise<void>((resolve) => (second = resolve));
    const serving = await serve({}, () => {
      if (++events === 2) second();
    });
    const sending = request(`${serving.endpoint}events`, { method: "POST" });
    sending.on("error", () => undefined);
    for (const minute of [0, 1, 2])
      sending.write(`${JSON.stringify(happened("acme", "SERVICE_STEADY_STATE", minute))}\n`);
    await played;
    sending.destroy();
    const { summary } = await serving.stop();
    expect(summary.events).to.equal(events).and.to.be.at.least(2);
    expect(summary.applied).to.be.at.least(1);
  });

  it("refuses what holds no event, other sites' requests, and what it does not know", async () => {
    const { endpoint, stop } = await serve();
    const empty = await post(endpoint, "");
    expect(empty.status).to.equal(400);
    expect(empty.answer).to.include({ message: "There is nothing in what was sent" });
    expect((await post(endpoint, "{")).status).to.equal(400);
    expect(await ask(endpoint, { host: "evil.example" }), "a name that points here").to.equal(403);
    expect(await ask(endpoint, { origin: "http://evil.example" }, "POST", "events")).to.equal(403);
    expect(await ask(endpoint, { origin: "null" }, "POST", "events")).to.equal(403);
    expect(await ask(endpoint, {}, "GET", "nothing")).to.equal(404);
    expect(await ask(endpoint, {}, "DELETE")).to.equal(404);
    const taken = Number(new URL(endpoint).port);
    const mistake: unknown = await serve({ serve: { port: taken, address: "127.0.0.1" } }).catch(
      (error: unknown) => error,
    );
    expect(mistake).to.be.instanceOf(UsageError);
    expect(String(mistake)).to.include(`Cannot serve at port ${taken}`);
    expect((await stop()).summary.events).to.equal(0);
  });

  it("tells a page that comes again what it missed, and one of another run to load again", async () => {
    const { endpoint, stop } = await serve();
    const first = async (after: string): Promise<string> => {
      const response = await fetch(`${endpoint}updates?after=${after}`);
      let heard = "";
      for await (const chunk of response.body ?? []) {
        heard += Buffer.from(chunk as Uint8Array).toString();
        if (heard.includes("data:")) break;
      }
      return heard;
    };
    expect(await first("other.0")).to.include("event: outdated");
    const html = await (await fetch(endpoint)).text();
    const [, after = ""] = /updates\?after=([\w.-]+)/.exec(packedOf(html).updates ?? "") ?? [];
    await post(endpoint, JSON.stringify(happened("acme", "SERVICE_STEADY_STATE", 1)));
    expect(await first(after)).to.match(/^id: [\w-]+\.\d+\nevent: update\ndata: \[.*"acme-1".*\]$/m);
    await stop();
  });

  const { env } = process;
  const chromium = findChromium(env);
  // test/page says loudly that there is none.
  (chromium === undefined ? () => undefined : it)("shows what is sent on the open page", async () => {
    const { endpoint, stop } = await serve();
    const browser = await startBrowser(chromium ?? "");
    try {
      const page = await browser.newPage();
      await page.goto(endpoint);
      await page.locator(".connection", { hasText: "live" }).waitFor();
      await post(endpoint, JSON.stringify(happened("acme", "SERVICE_STEADY_STATE", 1)));
      await page.locator("li.tenant", { hasText: "acme" }).filter({ hasText: "ACTIVE" }).waitFor();
      await page.locator("li.tenant button").click({ position: { x: 5, y: 5 } });
      await post(endpoint, JSON.stringify(happened("acme", "SERVICE_TASK_START_IMPAIRED", 9)));
      await page.locator("button[data-status=FAILED]", { hasText: "1" }).waitFor();
      expect(await page.locator(".details tbody tr").count()).to.equal(2);
      await stop();
      await page.locator(".connection", { hasText: "disconnected" }).waitFor();
    } finally {
      await browser.close();
    }
  });
});

describe("npm start -- --html", () => {
  it("writes a page of the run", async () => {
    const folder = await mkdtemp(join(tmpdir(), "html-test-"));
    const file = join(folder, "page.html");
    await run(
      { ...OPTIONS, serve: undefined, htmlFile: file },
      {
        standardInput: Readable.from([]),
        signal: new AbortController().signal,
        reporter: {
          started: () => undefined,
          logLine: () => undefined,
          played: () => undefined,
          finished: () => undefined,
          close: () => undefined,
        },
      },
    );
    const { tenants, asOf } = readPage(await readFile(file, "utf8"));
    expect(tenants.map(({ id, status }) => [id, status])).to.have.deep.members([
      ["acme", "ACTIVE"],
      ["bluebird", "ACTIVE"],
      ["cedar", "FAILED"],
      ["dune", "DEPROVISIONED"],
    ]);
    expect(asOf).to.match(/^2026-03-02T08:1\d/);
    expect(tenants.flatMap(({ events }) => events).map(({ effect }) => effect)).to.include(
      "PROVISIONING → ROLLING_BACK",
    );
    await rm(folder, { recursive: true });
  });
});
