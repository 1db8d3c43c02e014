import { PassThrough } from "node:stream";
import { expect } from "chai";
import sinon from "sinon";
import { createJsonPlaybackReporter } from "../../local/json-playback-reporter.ts";
import { createLivePlaybackReporter, liveTable } from "../../local/live-playback-reporter.ts";
import type { PlayedEntry } from "../../local/played-entry.ts";
import { describePlayed } from "../../local/describe-played.ts";
import { createPlainPlaybackReporter } from "../../local/plain-playback-reporter.ts";
import type { RunStart } from "../../local/playback-reporter.ts";
import { wantsColor } from "../../checklist/wants-color.ts";
import { createStyle } from "../../local/style.ts";
import { renderTenants } from "../../local/tenant-list.ts";
import { CLUSTER_ARN, serviceArnOf } from "../handler/events.ts";
import { findBreaks } from "../checklist/broken-words.ts";
import { endOf } from "./run-end.ts";
import { findStartLineViolations } from "../ops/json-schemas.ts";

const plain = createStyle(false);
const start: RunStart = {
  input: "events.ndjson",
  clusterArn: CLUSTER_ARN,
  environment: "dev",
  package: { zipBytes: 70_500, codeSha256: "c2hh" },
};
const time = "2026-03-01T10:00:00Z";
const row = {
  tenant_id: "acme",
  status: "ACTIVE",
  status_at: "2026-03-01T10:30:00Z",
  status_since: { ACTIVE: time },
  last_event: { name: "SERVICE_STEADY_STATE", id: "a", at: time },
};
const succeeded: PlayedEntry = {
  position: { line: 1 },
  glance: { id: "a", time, name: "SERVICE_DEPLOYMENT_COMPLETED" },
  tenantId: "acme",
  result: {
    status: "success",
    tenantId: "acme",
    event: "DEPLOYMENT_COMPLETED",
    tenantStatus: "ACTIVE",
    previousStatus: "PROVISIONING",
    changed: true,
  },
  requests: 1,
};
const failed: PlayedEntry = {
  position: { line: 7 },
  glance: {},
  tenantId: undefined,
  result: { status: "failed", error: { name: "SyntaxError", message: "Line 7 is not JSON" } },
  requests: 0,
};

class Paper {
  text = "";
  write(text: string): void {
    this.text += text;
  }
}

describe("The line of a played entry", () => {
  it("tells when, whose, what and what became of it", () => {
    expect(describePlayed(succeeded, plain)).to.equal(
      "2026-03-01T10:00:00Z  acme          DEPLOYMENT_COMPLETED            PROVISIONING → ACTIVE",
    );
  });

  it("tells of a status that stays, and of a first one", () => {
    const result = { status: "success", tenantId: "acme", event: "E", tenantStatus: "ACTIVE" } as const;
    expect(describePlayed({ ...succeeded, result: { ...result, changed: false } }, plain)).to.match(
      / stays ACTIVE$/,
    );
    expect(describePlayed({ ...succeeded, result: { ...result, changed: true } }, plain)).to.match(
      / \(none\) → ACTIVE$/,
    );
  });

  it("tells why an event was ignored, and what to fix, if anything", () => {
    const ignored = (reason: "duplicate" | "environment_mismatch"): string =>
      describePlayed(
        { ...succeeded, result: { status: "ignored", reason, event: "E", message: "Found sit" } },
        plain,
      );
    expect(ignored("duplicate")).to.match(/ ignored: duplicate$/);
    expect(ignored("environment_mismatch")).to.match(/ ignored: environment_mismatch \(Found sit\)$/);
  });

  it("names the place of a failed event", () => {
    expect(describePlayed(failed, plain)).to.match(
      /^line 7 .* failed at line 7: SyntaxError: Line 7 is not JSON$/,
    );
    expect(describePlayed({ ...failed, position: { element: 2 } }, plain)).to.match(/ failed at element 2: /);
  });

  it("names the service where the tenant is not known", () => {
    expect(describePlayed({ ...failed, glance: { serviceArn: serviceArnOf("x") } }, plain)).to.include(
      "tenant-x-wordpress",
    );
  });

  it("lets no event steer the terminal", () => {
    const hostile = { ...succeeded, glance: { time: "\u001B[2J\n\u009B" }, tenantId: "\u202Eacme" };
    expect(describePlayed(hostile, plain)).to.match(/^\\u001b\[2J\\u000a\\u009b\s+\\u202eacme /);
  });
});

describe("The table of tenants", () => {
  it("shows id, status, since when and the last event, where there are any", () => {
    expect(renderTenants([row, { tenant_id: "b" }], plain, undefined).split("\n")).to.deep.equal([
      "TENANT  STATUS  SINCE                 LAST EVENT",
      "acme    ACTIVE  2026-03-01T10:00:00Z  SERVICE_STEADY_STATE 2026-03-01T10:00:00Z",
      "b       -       -                     -",
    ]);
  });

  it("gets over rows that others have malformed", () => {
    expect(
      renderTenants(
        [{ tenant_id: "a", status: 7, status_at: {}, last_event: { name: 1 } }],
        plain,
        undefined,
      ),
    ).to.match(/\na\s+-\s+-\s+- -$/);
  });

  it("shows the tenants that changed last where the terminal is too low for all", () => {
    const rows = ["d", "c", "b", "a"].map((tenant_id) => ({ tenant_id }));
    expect(liveTable(rows, { rows: 6, columns: 120 }, plain)).to.match(
      /^\nTENANT.*\na .*\nb .*\nand 2 more$/,
    );
    expect(liveTable(rows, { rows: 50, columns: 120 }, plain)).to.match(/\na .*\nb .*\nc .*\nd [^\n]*$/);
    expect(liveTable([], { rows: 50, columns: 120 }, plain)).to.equal("");
  });
});

describe("Colour", () => {
  it("goes to terminals, unless NO_COLOR or FORCE_COLOR says otherwise", () => {
    expect(wantsColor({}, true)).to.equal(true);
    expect(wantsColor({}, false)).to.equal(false);
    expect(wantsColor({ TERM: "dumb" }, true)).to.equal(false);
    expect(wantsColor({ NO_COLOR: "1" }, true)).to.equal(false);
    expect(wantsColor({ NO_COLOR: "" }, true)).to.equal(true);
    expect(wantsColor({ FORCE_COLOR: "1" }, false)).to.equal(true);
    expect(wantsColor({ FORCE_COLOR: "0" }, true)).to.equal(false);
    expect(wantsColor({ FORCE_COLOR: "1", NO_COLOR: "1" }, true)).to.equal(false);
  });

  it("tells statuses apart, also those of other services", () => {
    const { status } = createStyle(true);
    expect(
      new Set(
        ["ACTIVE", "FAILED", "SCALING", "DEPROVISIONED", "SUSPENDED"].map((s) => status(s).slice(0, 5)),
      ),
    ).to.have.property("size", 5);
    expect(createStyle(false).status("ACTIVE")).to.equal("ACTIVE");
  });
});

describe("The reporter as JSON", () => {
  it("has the handler's answer for each event, then each tenant's row and the totals, and nothing else", () => {
    const output = new Paper();
    const reporter = createJsonPlaybackReporter(output, new Paper());
    reporter.started(start);
    reporter.played(succeeded);
    reporter.played(failed);
    reporter.finished(endOf(row));
    reporter.close();
    expect(
      output.text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).to.deep.equal([
      { type: "event", id: "a", ...succeeded.result },
      { type: "event", id: null, ...failed.result, line: 7 },
      { type: "tenant", ...row },
      {
        type: "summary",
        events: 0,
        applied: 0,
        ignored: {},
        failed: 0,
        read: { "EventBridge event": 2 },
        others: 0,
        notUnderstood: 0,
        stopped: false,
      },
    ]);
  });

  it("has a tenant's line for a row with a type of its own", () => {
    const output = new Paper();
    createJsonPlaybackReporter(output, new Paper()).finished(endOf({ ...row, type: "event" }));
    expect(JSON.parse(output.text.split("\n")[0] ?? "")).to.deep.equal({ type: "tenant", ...row });
  });

  it("says where the page is and where events are taken, as its schema in docs/schemas has it", () => {
    const output = new Paper();
    createJsonPlaybackReporter(output, new Paper()).serving?.("http://127.0.0.1:8080/");
    const line = JSON.parse(output.text) as object;
    expect(line).to.deep.equal({
      type: "serving",
      page: "http://127.0.0.1:8080/",
      events: "http://127.0.0.1:8080/events",
    });
    expect(findStartLineViolations(line)).to.equal(undefined);
  });

  it("has the function's log lines elsewhere", () => {
    const [output, logOutput] = [new Paper(), new Paper()];
    createJsonPlaybackReporter(output, logOutput).logLine("{}");
    expect([output.text, logOutput.text]).to.deep.equal(["", "{}\n"]);
  });
});

describe("The reporter as plain lines", () => {
  it("has a heading, a line for each event, the table and the summary", () => {
    const output = new Paper();
    const reporter = createPlainPlaybackReporter(output, plain);
    reporter.started(start);
    reporter.logLine("{}");
    reporter.played(succeeded);
    reporter.finished(endOf(row));
    reporter.close();
    expect(output.text).to.match(
      /^Playing events\.ndjson .*\n70\.5 kB, CodeSha256 c2hh, dev, arn:.*\n\n\{\}\n2026.* → ACTIVE\n\nTENANT .*\nacme .*\n\n0 events: .*\n$/,
    );
  });
});

describe("The reporter on a terminal", () => {
  let clock: sinon.SinonFakeTimers;
  let terminal: PassThrough & { rows: number; columns: number };
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    terminal = Object.assign(new PassThrough(), { rows: 24, columns: 120, isTTY: true });
  });
  afterEach(() => {
    clock.restore();
  });
  const written = (): string => String(terminal.read() ?? "");

  it("draws the table below the lines, and draws it again when something has changed", () => {
    const reporter = createLivePlaybackReporter(terminal, plain);
    reporter.started(start);
    reporter.showRow?.({ tenant_id: "acme" });
    clock.runAll();
    expect(written()).to.match(/Playing[^]*TENANT[^]*acme\s+-/);

    reporter.played(succeeded);
    reporter.logLine("a log line");
    reporter.showRow?.(row);
    expect(written(), "before it is time to draw").to.equal("");
    clock.runAll();
    const erasesAndDraws = /\[2K[^]*PROVISIONING → ACTIVE\na log line\n[^]*TENANT[^]*acme\s+ACTIVE/;
    expect(written()).to.match(erasesAndDraws);

    reporter.finished(endOf(row));
    reporter.close();
    expect(written()).to.match(/\[2K[^]*TENANT[^]*acme\s+ACTIVE[^]*0 events: /);
    expect(clock.countTimers(), "timers left").to.equal(0);
  });

  it("shows what is still undrawn when the run stops midway", () => {
    const reporter = createLivePlaybackReporter(terminal, plain);
    reporter.played(succeeded);
    reporter.close();
    expect(written()).to.include("PROVISIONING → ACTIVE");
    expect(clock.countTimers(), "timers left").to.equal(0);
  });
});

describe("What is played, in a narrow terminal", () => {
  it("has room for more tenants than a function has for arguments", () => {
    const many = Array.from({ length: 150_000 }, () => ({ tenant_id: "acme" }));
    expect(renderTenants(many, plain, 10).split("\n")).to.have.lengthOf(150_000);
  });

  const rows = ["acme", "a-tenant-with-a-long-name"].map((tenant_id) => ({
    ...row,
    tenant_id,
    last_event: { ...row.last_event, name: "SERVICE_TASK_START_IMPAIRED" },
  }));
  /** In place of a table, and of what is longer than a line. */
  const NARROW_WORDS = "no room for since cluster of";
  const ignored: PlayedEntry = {
    ...succeeded,
    glance: { ...succeeded.glance, serviceArn: serviceArnOf("acme") },
    result: {
      status: "ignored",
      reason: "no_tenant_tag",
      event: "SERVICE_STEADY_STATE",
      message: `No bbws:tenant-id tag found on ${serviceArnOf("acme")}`,
    },
  };
  const printed = (columns: number | undefined): string => {
    const paper = new Paper();
    const reporter = createPlainPlaybackReporter(paper, plain, () => columns);
    reporter.started(start);
    for (const entry of [succeeded, ignored, failed]) reporter.played(entry);
    reporter.serving?.("http://127.0.0.1:8080/");
    reporter.finished({ ...endOf(row), rows });
    return paper.text;
  };

  for (const columns of [60, 40])
    it(`breaks no word at ${columns} columns`, () => {
      const { tooWide, brokenWords } = findBreaks(
        printed(columns),
        `${printed(undefined)} ${NARROW_WORDS}`,
        columns,
      );
      expect(printed(columns), "nothing is cut").to.not.include("…");
      expect(tooWide, "lines").to.deep.equal([]);
      expect(brokenWords, "words").to.deep.equal([]);
    });

  it("names the cluster in words where its ARN is longer than a line", () => {
    expect(printed(40).replaceAll(/\s+/g, " ")).to.match(
      / cluster bbws-cluster-dev of \d{12} in af-south-1 /,
    );
    expect(printed(undefined)).to.include(CLUSTER_ARN);
  });

  for (const columns of [60, 40])
    it(`breaks none in the live table at ${columns} columns, which is no higher than the terminal`, () => {
      const many = Array.from({ length: 9 }, () => rows).flat();
      const table = liveTable(many, { rows: 24, columns }, plain);
      const counts = many.map((_, index) => index).join(" ");
      const wide = `${renderTenants(rows, plain, undefined)} ${NARROW_WORDS} and more ${counts}`;
      expect(findBreaks(table, wide, columns)).to.deep.equal({
        tooWide: [],
        brokenWords: [],
      });
      expect(table).to.not.include("…");
      expect(table.split("\n").length).to.be.within(18, 23);
      expect(table).to.match(/\nand \d+ more$/);
    });
});
