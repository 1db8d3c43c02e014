import { EventEmitter, once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { StartOptions } from "../../local/options.ts";
import { UsageError } from "../../local/errors.ts";
import { startPageServer } from "../../local/page-server.ts";
import type { PlaybackReporter, RunEnd } from "../../local/playback-reporter.ts";
import { run } from "../../local/run.ts";
import { TenantBook } from "../../local/tenant-book.ts";
import { UpdateFeed } from "../../local/update-feed.ts";
import { serviceAction, serviceArnOf } from "../handler/events.ts";
import { findChromium, startBrowser } from "../../bench/chromium.ts";
import { packedOf, readPage } from "../page/read-page.ts";
import { defaultOptions } from "./default-options.ts";

const OPTIONS: StartOptions = { ...defaultOptions, serve: { port: 0, address: "127.0.0.1" } };

interface Serving {
  readonly endpoint: string;
  readonly firstPlayed: Promise<unknown>;
  /** Ends it, and resolves with what it has come to. */
  readonly stop: () => Promise<RunEnd>;
}

const serve = async (
  options: Partial<StartOptions> = {},
  standardInput: Readable = Readable.from([]),
): Promise<Serving> => {
  const stop = new AbortController();
  const playing = new EventEmitter();
  const firstPlayed = once(playing, "played");
  let end: RunEnd | undefined;
  let done: Promise<boolean> = Promise.resolve(true);
  const endpoint = await new Promise<string>((resolve, reject) => {
    done = run(
      { ...OPTIONS, ...options },
      {
        standardInput,
        signal: stop.signal,
        reporter: {
          started: () => undefined,
          logLine: () => undefined,
          played: () => playing.emit("played"),
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
    firstPlayed,
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

  it("shows the rows and tenants that it was given before anything is sent, and ends at once where they are not right", async () => {
    const folder = await mkdtemp(join(tmpdir(), "serve-test-"));
    const [rowsFile, tenantsFile] = [join(folder, "rows.json"), join(folder, "tenants.json")];
    try {
      await writeFile(rowsFile, JSON.stringify([{ tenant_id: "acme", status: "FAILED" }]));
      await writeFile(tenantsFile, JSON.stringify([{ tenant_id: "globex" }]));
      const { endpoint, stop } = await serve({ rowsFile, tenantsFile });
      const { tenants } = readPage(await (await fetch(endpoint)).text());
      expect(tenants.map(({ id, status }) => [id, status])).to.deep.equal([
        ["acme", "FAILED"],
        ["globex", "(none)"],
      ]);
      const { rows } = await stop();
      expect(rows).to.have.lengthOf(2);

      await writeFile(rowsFile, "[]");
      const failure = await serve({ rowsFile }).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(UsageError).with.property("message", `There is no row in ${rowsFile}`);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("holds up nobody, nor its end, for a sender who stalls, and plays nothing of what never came whole", async () => {
    const { endpoint, stop } = await serve();
    const sending = request(`${endpoint}events`, { method: "POST" });
    const brokenOff = once(sending, "error");
    let isAnswered = false;
    sending.once("response", () => (isAnswered = true));
    sending.write(`${JSON.stringify(happened("globex", "SERVICE_STEADY_STATE", 0))}\n`);
    const { status } = await post(endpoint, JSON.stringify(happened("acme", "SERVICE_STEADY_STATE", 1)));
    expect(status).to.equal(200);
    const { summary, rows } = await stop();
    expect(summary).to.include({ events: 1, applied: 1 });
    expect(rows.map((row) => row["tenant_id"])).to.deep.equal(["acme"]);
    await brokenOff;
    expect(isAnswered, "it was waited for until its time was over").to.be.false;
  });

  it("shows the playing of a file from its beginning, and plays after it what is sent meanwhile", async () => {
    const input = new PassThrough();
    const { endpoint, firstPlayed, stop } = await serve({ eventsFile: "-" }, input);
    const shown = async (): Promise<readonly (readonly string[])[]> =>
      readPage(await (await fetch(endpoint)).text()).tenants.map(({ id, status }) => [id, status]);
    expect(await shown(), "before its first event").to.deep.equal([]);
    input.write(`${JSON.stringify(happened("acme", "SERVICE_STEADY_STATE", 1))}\n`);
    await firstPlayed;
    expect(await shown()).to.deep.equal([["acme", "ACTIVE"]]);
    const sent = post(endpoint, JSON.stringify(happened("globex", "SERVICE_TASK_START_IMPAIRED", 2)));
    // What is sent would be there by then.
    for (let i = 0; i < 20; i++) expect(await shown()).to.deep.equal([["acme", "ACTIVE"]]);
    input.end();
    expect(await sent).to.have.property("status", 200);
    const { summary, isStopped } = await stop();
    expect([summary.events, isStopped]).to.deep.equal([2, false]);
  });

  it("gives totals when it is stopped in the middle of a file, and tells a sender that it was not played", async () => {
    const input = new PassThrough();
    const { endpoint, firstPlayed, stop } = await serve({ eventsFile: "-" }, input);
    input.write(`${JSON.stringify(happened("acme", "SERVICE_STEADY_STATE", 1))}\n`);
    const sent = post(endpoint, JSON.stringify(happened("globex", "SERVICE_STEADY_STATE", 2)));
    await firstPlayed;
    const { summary, isStopped } = await stop();
    expect([summary.events, isStopped]).to.deep.equal([1, true]);
    const { status, answer } = await sent;
    expect(status).to.equal(503);
    expect(answer).to.include({ events: 0 });
  });

  it("says so to a sender from whom nothing more has come for a while", async () => {
    const server = await startPageServer({
      port: 0,
      address: "127.0.0.1",
      book: new TenantBook("dev"),
      feed: new UpdateFeed(),
      stalledMs: 100,
      play: async (sent) => {
        await text(sent).catch(() => undefined);
        throw new UsageError("It did not come");
      },
      onError: (error) => {
        throw error;
      },
    });
    const sending = request(`${server.endpoint}events`, { method: "POST" });
    sending.write("{");
    const [response] = (await once(sending, "response")) as [IncomingMessage];
    expect(response.statusCode).to.equal(408);
    expect(JSON.parse(await text(response))).to.deep.equal({
      message: "Nothing of it has come for 0.1 s: it was not played",
    });
    await server.close();
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
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "html-test-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = (htmlFile: string, reporter: Partial<PlaybackReporter> = {}): Promise<boolean> =>
    run(
      { ...OPTIONS, serve: undefined, htmlFile },
      {
        standardInput: Readable.from([]),
        signal: new AbortController().signal,
        reporter: {
          started: () => undefined,
          logLine: () => undefined,
          played: () => undefined,
          finished: () => undefined,
          close: () => undefined,
          ...reporter,
        },
      },
    );

  it("writes a page of the run", async () => {
    const file = join(folder, "page.html");
    await write(file);
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
  });

  it("finds out before the run that it could not be written", async () => {
    const missing = join(folder, "reports");
    for (const [file, message, next] of [
      [join(missing, "page.html"), `there is no folder ${missing}`, `mkdir -p ${missing}`],
      [folder, "it is a folder", undefined],
    ] as const) {
      let hasBegun = false;
      const mistake: unknown = await write(file, { started: () => (hasBegun = true) }).catch(
        (error: unknown) => error,
      );
      expect(mistake).to.be.instanceOf(UsageError);
      expect(mistake).to.include({ message: `Cannot write ${file}: ${message}`, next });
      expect(hasBegun).to.equal(false);
    }
  });

  it("still gives the totals where it cannot be written after all", async () => {
    const lost = join(folder, "page.html");
    // A disk that is always full.
    for (const [file, message] of [
      ["/dev/full", "no space is left on the disk"],
      [lost, "there is no such folder"],
    ] as const) {
      let end: RunEnd | undefined;
      const mistake: unknown = await write(file, {
        started: () => {
          rmSync(folder, { recursive: true, force: true });
        },
        finished: (finished) => (end = finished),
      }).catch((error: unknown) => error);
      expect(mistake)
        .to.be.instanceOf(UsageError)
        .with.property("message", `Cannot write ${file}: ${message}`);
      expect(end?.summary.events).to.equal(19);
      await mkdir(folder, { recursive: true });
    }
  });
});
