import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import { readPage } from "../../page/read-page.ts";
import { dev, identityIn } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { createTerminal, NOW, run } from "../run.ts";

const change = (minute: number, tenantId: string, from: string | undefined, to: string): object => {
  const timestamp = `2026-03-03T20:${String(minute).padStart(2, "0")}:00.000Z`;
  return {
    timestamp: Date.parse(timestamp),
    message: JSON.stringify({
      timestamp,
      level: "INFO",
      message: `Tenant status ${from ?? "(none)"} -> ${to}`,
      requestId: `r-${minute}`,
      eventId: `e-${minute}`,
      eventTime: timestamp,
      tenantId,
      previousStatus: from,
      tenantStatus: to,
      event: "SERVICE_STEADY_STATE",
      StatusChanges: 1,
    }),
  };
};

const answers = (): Answers => ({
  ...identityIn(dev.accountId),
  // On two pages, among lines that CloudWatch's pattern would have left out.
  FilterLogEventsCommand: ({ nextToken }: { nextToken?: string }) =>
    nextToken === undefined
      ? {
          events: [
            change(1, "acme", undefined, "PROVISIONING"),
            { message: "START RequestId: 1" },
            { message: '{"message":"Tenant status stays ACTIVE","tenantId":"acme"}' },
          ],
          nextToken: "more",
        }
      : { events: [change(4, "globex", "ACTIVE", "FAILED"), change(31, "acme", "PROVISIONING", "ACTIVE")] },
});

describe("ops history", () => {
  it("shows each change of the last day, the oldest first", async () => {
    const done = await run("history dev", { answers: answers() });
    expect(done.exitCode).to.equal(0);
    expect(done.stdout).to.match(/^TIME +TENANT +FROM +TO +EVENT +SENT BY +EVENT ID$/m);
    const rows = done.stdout.split("\n").filter((row) => row.startsWith("2026-"));
    expect(rows.map((row) => row.split(/ +/).slice(1, 4))).to.deep.equal([
      ["acme", "(none)", "PROVISIONING"],
      ["globex", "ACTIVE", "FAILED"],
      ["acme", "PROVISIONING", "ACTIVE"],
    ]);
    expect(done.stdout).to.include(": 3 changes of 2 tenants since 2026-03-02T21:00:00.000Z\n");
    expect(done.aws.callsOf("FilterLogEventsCommand")[0]).to.include({
      startTime: NOW.getTime() - 24 * 3_600_000,
      filterPattern: "{ $.StatusChanges = 1 }",
    });
  });

  it("shows those of one tenant, and how long it had each status", async () => {
    const done = await run("history dev acme --since 2h", { answers: answers() });
    expect(done.stdout).to.match(/^TIME +FOR /m);
    expect(done.stdout).to.match(/^\S+T20:01\S+ +30 min +\(none\) +PROVISIONING /m);
    expect(done.stdout).to.match(/^\S+T20:31\S+ +29 min +PROVISIONING +ACTIVE /m);
    expect(done.stdout).not.to.include("globex");
    expect(done.aws.callsOf("FilterLogEventsCommand")[0]).to.include({
      filterPattern: '{ (($.tenantId = "acme") || ($.serviceArn = "*acme*")) && $.StatusChanges = 1 }',
    });
  });

  it("gives machines all that is known of each", async () => {
    const done = await run("history dev globex --json", { answers: answers() });
    expect(reportOf(done).result).to.deep.equal({
      changes: [
        {
          time: "2026-03-03T20:04:00.000Z",
          tenantId: "globex",
          from: "ACTIVE",
          to: "FAILED",
          event: "SERVICE_STEADY_STATE",
          eventTime: "2026-03-03T20:04:00.000Z",
          eventId: "e-4",
          requestId: "r-4",
        },
      ],
    });
  });

  it("says when the log does not reach back so far", async () => {
    const done = await run("history dev --since 30d --json", { answers: answers() });
    expect(lineOf(done, "/aws/lambda/bbws-ecs-event-handler-dev")).to.match(/; the log keeps 14 days only$/);
  });

  it("fits the terminal's width", async () => {
    const { stream, drawn } = createTerminal();
    stream.columns = 80;
    await run("history dev", {
      answers: answers(),
      stdout: stream,
      terminal: { stdout: stream, stderr: stream },
    });
    const table = drawn().slice(drawn().lastIndexOf("TIME "));
    for (const row of table.split("\n")) expect(row.length, row).to.be.at.most(80);
  });

  it("says that nothing changed, and what it cannot do", async () => {
    const none = await run("history dev acme", {
      answers: {
        ...answers(),
        FilterLogEventsCommand: () => ({}),
        GetItemCommand: () => ({ Item: marshall({ tenant_id: "acme" }) }),
      },
    });
    expect(none.exitCode).to.equal(0);
    expect(none.stdout).to.include(": 0 changes of acme since").and.not.include("TIME");
    const failed = await run("history dev", {
      answers: {
        ...answers(),
        FilterLogEventsCommand: () => {
          throw awsError("AccessDeniedException", "not authorized");
        },
      },
    });
    expect(failed.exitCode).to.equal(1);
    expect((await run("history dev --since long")).exitCode).to.equal(2);
    expect((await run(["history", "dev", " "])).exitCode).to.equal(2);
  });

  it("writes a page of it, or says that it cannot", async () => {
    const folder = await mkdtemp(join(tmpdir(), "history-"));
    const file = join(folder, "page.html");
    const done = await run(["history", "dev", "--html", file, "--json"], { answers: answers() });
    expect(lineOf(done, `Page ${file}`)).to.match(/^pass: 2 tenants, \d+ kB$/);
    const page = readPage(await readFile(file, "utf8"));
    expect(page.tenants).to.deep.equal([
      {
        id: "acme",
        status: "ACTIVE",
        since: "2026-03-03T20:31:00.000Z",
        note: undefined,
        before: "(none)",
        events: [
          {
            at: "2026-03-03T20:01:00.000Z",
            name: "SERVICE_STEADY_STATE",
            id: "e-1",
            status: "PROVISIONING",
            effect: "(none) -> PROVISIONING",
          },
          {
            at: "2026-03-03T20:31:00.000Z",
            name: "SERVICE_STEADY_STATE",
            id: "e-31",
            status: "ACTIVE",
            effect: "PROVISIONING -> ACTIVE",
          },
        ],
      },
      page.tenants[1],
    ]);
    const nowhere = join(folder, "none", "page.html");
    const failed = await run(["history", "dev", "--html", nowhere, "--json"], { answers: answers() });
    expect(failed.exitCode).to.equal(1);
    expect(lineOf(failed, `Page ${nowhere}`)).to.match(/^fail: It cannot be written: .*ENOENT/);
    await rm(folder, { recursive: true });
  });
});
