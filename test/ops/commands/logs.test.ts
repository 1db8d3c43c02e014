import { marshall } from "@aws-sdk/util-dynamodb";
import { expect } from "chai";
import type { Clock } from "../../../checklist/clock.ts";
import { dev, devNames, identityIn } from "../healthy-dev.ts";
import { findLineViolations } from "../json-schemas.ts";
import { type Answers, awsError, recordedAws } from "../recorded-aws.ts";
import { startLiveTail, type TailMessage } from "../live-tail-server.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { createTerminal, NOW, run } from "../run.ts";

const line = (minute: number, record: object): { timestamp: number; message: string } => {
  const timestamp = `2026-03-03T20:${String(minute).padStart(2, "0")}:00.000Z`;
  return {
    timestamp: Date.parse(timestamp),
    message: JSON.stringify({ timestamp, level: "INFO", ...record }),
  };
};

const CHANGED = line(10, {
  message: "Tenant status PROVISIONING -> ACTIVE",
  requestId: "r-1",
  eventName: "SERVICE_DEPLOYMENT_COMPLETED",
  serviceArn: "arn:aws:ecs:af-south-1:1:service/c/tenant-acme-wordpress",
  status: "success",
  tenantId: "acme",
  event: "DEPLOYMENT_COMPLETED",
});
const IGNORED = line(11, {
  level: "WARN",
  message: "No bbws:tenant-id tag found",
  requestId: "r-2",
  serviceArn: "arn:aws:ecs:af-south-1:1:service/c/other",
  event: "SERVICE_STEADY_STATE",
  status: "ignored",
  reason: "no_tenant_tag",
});
const FAILED = line(12, {
  level: "ERROR",
  message: "Failed to update tenant state",
  requestId: "r-3",
  tenantId: "acme2",
  event: "SERVICE_DELETED",
  status: "failed",
  error: { name: "TenantStoreError", message: "the table is away" },
});
const TIMEOUT = {
  timestamp: Date.parse("2026-03-03T20:13:00.000Z"),
  message: JSON.stringify({
    time: "2026-03-03T20:13:00.000Z",
    type: "platform.runtimeDone",
    record: { requestId: "r-4", status: "timeout" },
  }),
};
const START = { timestamp: TIMEOUT.timestamp, message: "START RequestId: r-4" };

const withLines = (...events: readonly object[]): Answers => ({
  ...identityIn(dev.accountId),
  FilterLogEventsCommand: () => ({ events }),
});

const linesOf = (text: string): readonly string[] =>
  text.split("\n").filter((one) => one.startsWith("2026-"));

describe("ops logs", () => {
  it("shows a line for each event: time, level, tenant, event, what happened, request", async () => {
    const done = await run("logs dev", { answers: withLines(CHANGED, IGNORED, START, FAILED, TIMEOUT) });
    expect(done.exitCode).to.equal(0);
    expect(linesOf(done.stdout)).to.deep.equal([
      "2026-03-03T20:10:00.000Z  INFO   acme          DEPLOYMENT_COMPLETED            Tenant status PROVISIONING -> ACTIVE  r-1",
      "2026-03-03T20:11:00.000Z  WARN   other         SERVICE_STEADY_STATE            no_tenant_tag: No bbws:tenant-id tag found  r-2",
      "2026-03-03T20:12:00.000Z  ERROR  acme2         SERVICE_DELETED                 Failed to update tenant state: the table is away  r-3",
      "2026-03-03T20:13:00.000Z  ERROR                                                timeout: Lambda ended the invocation: timeout  r-4",
    ]);
    expect(done.stdout).to.match(
      /^pass +\/aws\/lambda\/bbws-ecs-event-handler-dev: 4 lines since 2026-03-03T20:00/m,
    );
    expect(done.aws.callsOf("FilterLogEventsCommand")[0]).to.include({
      logGroupName: devNames.logGroupName,
      startTime: NOW.getTime() - 60 * 60_000,
      filterPattern: undefined,
    });
  });

  it("says where the log keeps less than it is asked for", async () => {
    const done = await run("logs dev --since 15d", { answers: withLines(CHANGED) });
    expect(done.stdout).to.match(/1 lines since \S+; the log keeps 14 days only$/m);
    expect((await run("logs dev --since 14d", { answers: withLines(CHANGED) })).stdout).not.to.include(
      "only",
    );
  });

  it("shows those of one tenant, not of one whose id begins the same", async () => {
    const done = await run("logs dev --tenant acme --since 24h", {
      answers: withLines(CHANGED, IGNORED, FAILED),
    });
    expect(linesOf(done.stdout)).to.have.lengthOf(1);
    expect(done.aws.callsOf("FilterLogEventsCommand")[0]).to.include({
      startTime: NOW.getTime() - 24 * 60 * 60_000,
      filterPattern: '{ (($.tenantId = "acme") || ($.serviceArn = "*acme*")) }',
    });
  });

  it("finds a tenant whose id fits into no pattern", async () => {
    const odd = line(20, { message: "Tenant status stays ACTIVE", tenantId: 'a"b', status: "success" });
    const done = await run(["logs", "dev", "--tenant", 'a"b', "--json"], {
      answers: withLines(CHANGED, odd),
    });
    expect(reportOf(done).result).to.deep.equal({ lines: [JSON.parse(odd.message)] });
    expect(done.aws.callsOf("FilterLogEventsCommand")[0]).to.include({ filterPattern: undefined });
  });

  for (const [status, pattern, request] of [
    ["ignored", '{ ($.status = "ignored") }', "r-2"],
    ["failed", /^\{ \(\(\$\.status = "failed"\) \|\| .*"timeout"\)\) \}$/, "r-3"],
  ] as const) {
    it(`shows those that were ${status}`, async () => {
      const done = await run(`logs dev --status ${status}`, {
        answers: withLines(CHANGED, IGNORED, FAILED),
      });
      expect(linesOf(done.stdout).map((one) => one.split("  ").at(-1))).to.deep.equal([request]);
      const [call] = done.aws.callsOf("FilterLogEventsCommand");
      expect(call?.["filterPattern"]).to.match(
        pattern instanceof RegExp ? pattern : new RegExp(escape(pattern)),
      );
    });
  }
  const escape = (text: string): string => text.replaceAll(/[$(){}|.]/g, String.raw`\$&`);

  it("gives machines the lines as they were logged, and nothing else", async () => {
    const done = await run("logs dev --json", { answers: withLines(CHANGED, TIMEOUT) });
    expect(reportOf(done).result).to.deep.equal({
      lines: [JSON.parse(CHANGED.message), JSON.parse(TIMEOUT.message)],
    });
  });

  it("colours what went wrong, on a terminal", async () => {
    const { stream, drawn } = createTerminal();
    await run("logs dev", {
      answers: withLines(FAILED),
      color: true,
      stdout: stream,
      terminal: { stdout: stream, stderr: stream },
    });
    expect(drawn()).to.include("\u001b[31mERROR\u001b[39m");
  });

  it("says in one line what it cannot do", async () => {
    const done = await run("logs dev", {
      answers: {
        ...identityIn(dev.accountId),
        FilterLogEventsCommand: () => {
          throw awsError("AccessDeniedException", "not authorized");
        },
      },
    });
    expect(done.exitCode).to.equal(1);
    expect(done.stdout).to.match(/^FAIL +\/aws\/lambda\/\S+: access denied: not authorized$/m);
    for (const [options, complaint] of [
      ["--status lost", "Allowed choices are failed, ignored, success"],
      ["--since yesterday", "It must be a duration"],
      ["--tenant ''", "It must be a tenant's id"],
    ] as const) {
      const { exitCode, stderr } = await run(
        `logs dev ${options}`.split(" ").map((word) => (word === "''" ? "" : word)),
      );
      expect(exitCode).to.equal(2);
      expect(stderr).to.include(complaint);
    }
  });

  describe("with --follow", () => {
    /** A clock that interrupts at the n-th wait. */
    const interruptedAt = (waits: number): { clock: Clock; signal: AbortSignal } => {
      const interruption = new AbortController();
      let now = NOW.getTime();
      return {
        signal: interruption.signal,
        clock: {
          now: () => new Date(now),
          wait: (milliseconds) => {
            now += milliseconds;
            if (--waits === 0) interruption.abort();
            return interruption.signal.aborted
              ? Promise.reject(interruption.signal.reason as Error)
              : Promise.resolve();
          },
        },
      };
    };
    const update = (...sessionResults: readonly object[]): object => ({ sessionUpdate: { sessionResults } });
    /* eslint-disable-next-line @typescript-eslint/require-await -- as the SDK's stream is one */
    async function* stream(messages: readonly object[], end?: Error): AsyncGenerator<object> {
      yield { sessionStart: {} };
      yield* messages;
      if (end !== undefined) throw end;
    }

    it("reads what is there, then listens to the live tail, and shows each line once", async () => {
      const done = await run("logs dev --status success --follow", {
        answers: {
          ...withLines(CHANGED),
          StartLiveTailCommand: () => ({
            responseStream: stream([
              update(CHANGED, IGNORED),
              update(),
              update(
                line(59, { message: "Tenant status stays ACTIVE", status: "success", requestId: "r-9" }),
              ),
            ]),
          }),
        },
        ...interruptedAt(1),
      });
      expect(done.exitCode).to.equal(3);
      expect(linesOf(done.stdout).map((one) => one.split("  ").at(-1))).to.deep.equal(["r-1", "r-9"]);
      expect(done.stderr).to.equal("following by CloudWatch's live tail, until Ctrl-C\n");
      expect(done.aws.callsOf("StartLiveTailCommand")).to.deep.equal([
        {
          logGroupIdentifiers: [devNames.logGroupArn],
          logEventFilterPattern: '{ ($.status = "success") }',
        },
      ]);
      expect(done.aws.calls.map(({ command }) => command).slice(-2)).to.deep.equal([
        "StartLiveTailCommand",
        "FilterLogEventsCommand",
      ]);
    });

    it("says that no row has the tenant's id, on lines that fit, and waits for its first line all the same", async () => {
      let stderr = "";
      const done = await run("logs dev --tenant acmee --follow", {
        answers: {
          ...withLines(),
          GetItemCommand: () => ({}),
          ScanCommand: () => ({ Items: [marshall({ tenant_id: "acme" })] }),
          StartLiveTailCommand: () => ({ responseStream: stream([]) }),
        },
        stderr: { columns: 40, write: (text) => (stderr += text) },
        ...interruptedAt(1),
      });
      expect(done.exitCode).to.equal(3);
      expect(stderr).to.equal(
        'Unknown tenant "acmee": no row has that\n    id. Did you mean acme?\n' +
          "following by CloudWatch's live tail,\n    until Ctrl-C\n",
      );
    });

    it("stops listening at once when it is interrupted", async () => {
      const interruption = new AbortController();
      const done = await run("logs dev --follow", {
        answers: {
          ...withLines(),
          StartLiveTailCommand: () => ({
            responseStream: {
              [Symbol.asyncIterator]: () => ({
                next: () => {
                  setImmediate(() => {
                    interruption.abort();
                  });
                  return new Promise(() => undefined);
                },
              }),
            },
          }),
        },
        signal: interruption.signal,
      });
      expect(done.exitCode).to.equal(3);
      expect(done.stdout).to.include("INTERRUPTED");
    });

    const SOON_AFTER = line(10, { message: "Tenant status stays ACTIVE", requestId: "r-7" });

    it("opens another session after three hours, and shows what came in between", async () => {
      let sessions = 0;
      const done = await run("logs dev --follow --json", {
        answers: {
          ...identityIn(dev.accountId),
          FilterLogEventsCommand: () => ({ events: sessions === 1 ? [] : [CHANGED, SOON_AFTER] }),
          StartLiveTailCommand: () => {
            sessions++;
            return { responseStream: stream([update(CHANGED)], awsError("SessionTimeoutException")) };
          },
        },
        ...interruptedAt(2),
      });
      expect(sessions).to.equal(2);
      const [first, second, report] = done.stdout.split(/\n(?=\{)/);
      for (const each of [first, second])
        expect(findLineViolations(JSON.parse(each ?? "")), "docs/schemas/logs-line").to.equal(undefined);
      expect(findLineViolations({ message: "x", status: 7 })).to.match(/\/status must be string/);
      expect(JSON.parse(first ?? "")).to.include({ requestId: "r-1" });
      expect(JSON.parse(second ?? "")).to.include({ requestId: "r-7" });
      expect(JSON.parse(report ?? "")).to.include({ interrupted: true, exitCode: 3 });
    });

    it("prints each line as it is logged with --json, as docs/schemas says, whatever its form", async () => {
      const done = await run("logs dev --follow --json", {
        answers: {
          ...withLines(CHANGED, IGNORED, FAILED, TIMEOUT, START),
          StartLiveTailCommand: () => ({ responseStream: stream([]) }),
        },
        ...interruptedAt(1),
      });
      const printed = done.stdout
        .split("\n")
        .filter((each) => each.startsWith("{") && each.endsWith("}"))
        .map((each): unknown => JSON.parse(each));
      expect(printed).to.deep.equal(
        [CHANGED, IGNORED, FAILED, TIMEOUT].map(({ message }): unknown => JSON.parse(message)),
      );
      for (const each of printed) expect(findLineViolations(each)).to.equal(undefined);
    });

    it("understands the frames that CloudWatch sends", async () => {
      const cloudWatch = await startLiveTail({
        sessions: [
          () => [
            ["initial-response", {}],
            ["sessionStart", { sessionId: "s" }],
            ["sessionUpdate", { sessionMetadata: { sampled: false }, sessionResults: [CHANGED, IGNORED] }],
            ["sessionUpdate", { sessionMetadata: { sampled: true }, sessionResults: [] }],
          ],
        ],
      });
      try {
        const recorded = recordedAws(identityIn(dev.accountId));
        const done = await run("logs dev --follow", {
          createAws: (region) => ({
            ...recorded.createAws(region),
            cloudWatchLogs: cloudWatch.client(region),
          }),
          ...interruptedAt(1),
        });
        expect(linesOf(done.stdout).map((one) => one.split("  ").at(-1))).to.deep.equal(["r-1", "r-2"]);
        expect(done.stderr).to.include("some were left out");
      } finally {
        await cloudWatch.close();
      }
    });

    /** CloudWatch, whose live tail ends after three hours in the way that is given; a line of the time between is found late. */
    const followOverAnEnd = async (end: readonly TailMessage[]) => {
      const interruption = new AbortController();
      let now = NOW.getTime();
      const waits: number[] = [];
      const minute = (n: number, requestId: string) =>
        line(n, { message: "Tenant status stays ACTIVE", requestId });
      const [before, between, after, last] = [
        CHANGED,
        minute(11, "r-between"),
        minute(12, "r-after"),
        minute(13, "r-last"),
      ];
      const readings: (typeof before)[][] = [[], [before], [before, between], [before, between]];
      let read = 0;
      /** What is read of the past is read after a session has begun. */
      const pastRead = async (times: number): Promise<void> => {
        while (read < times) await new Promise((resolve) => setImmediate(resolve));
      };
      const updateOf = (...sessionResults: readonly object[]): TailMessage => [
        "sessionUpdate",
        { sessionMetadata: { sampled: false }, sessionResults },
      ];
      const cloudWatch = await startLiveTail({
        past: ({ startTime }) =>
          (readings[read++] ?? []).filter(({ timestamp }) => timestamp >= Number(startTime)),
        sessions: [
          async function* () {
            yield ["initial-response", {}];
            yield updateOf(before);
            await pastRead(1);
            now += 3 * 60 * 60_000;
            yield* end;
          },
          async function* () {
            yield ["initial-response", {}];
            yield updateOf(after);
            await pastRead(2);
            now += 10_000;
            yield updateOf();
            await pastRead(3);
            yield updateOf(between, last);
          },
        ],
      });
      const recorded = recordedAws(identityIn(dev.accountId));
      let stdout = "";
      try {
        const done = await run("logs dev --follow", {
          createAws: (region) => ({
            ...recorded.createAws(region),
            cloudWatchLogs: cloudWatch.client(region),
          }),
          stdout: {
            write: (text) => {
              stdout += text;
              if (text.includes("r-last")) interruption.abort();
            },
          },
          signal: interruption.signal,
          clock: {
            now: () => new Date(now),
            wait: (milliseconds) => {
              waits.push(milliseconds);
              return Promise.resolve();
            },
          },
        });
        return { ...done, requests: linesOf(stdout).map((one) => one.split("  ").at(-1)), waits };
      } finally {
        await cloudWatch.close();
      }
    };

    for (const [what, end, why] of [
      [
        "ends after three hours",
        [["SessionTimeoutException", { message: "Session timed out" }]],
        "a session lasts three hours",
      ],
      [
        "breaks off",
        [["SessionStreamingException", { message: "Internal error" }]],
        "SessionStreamingException: Internal error",
      ],
      ["is closed", [], "the session has ended"],
    ] as const)
      it(`begins another session at once when one ${what}, says so, and shows each line of the time between once`, async () => {
        const { requests, stderr, waits } = await followOverAnEnd(end);
        expect(requests).to.have.members(["r-1", "r-after", "r-between", "r-last"]);
        expect(stderr).to.equal(
          "following by CloudWatch's live tail, until Ctrl-C\n" +
            `following by another session of CloudWatch's live tail: ${why}\n`,
        );
        expect(waits, "waits").to.deep.equal([]);
      });

    it("says when CloudWatch left lines out", async () => {
      const done = await run("logs dev --follow", {
        answers: {
          ...withLines(),
          StartLiveTailCommand: () => ({
            responseStream: stream([
              { sessionUpdate: { sessionMetadata: { sampled: true }, sessionResults: [CHANGED] } },
            ]),
          }),
        },
        ...interruptedAt(1),
      });
      expect(done.stderr).to.include("more than 500 lines in a second: some were left out\n");
    });

    it("asks every 5 seconds where there is no live tail, and says why", async () => {
      let asked = 0;
      const late = line(50, { message: "Tenant status stays ACTIVE", requestId: "r-8" });
      const done = await run("logs dev --follow", {
        answers: {
          ...identityIn(dev.accountId),
          FilterLogEventsCommand: () => ({ events: [[CHANGED], [CHANGED, late], [late]][asked++] }),
          StartLiveTailCommand: () => {
            throw awsError("AccessDeniedException", "not authorized to perform logs:StartLiveTail");
          },
        },
        ...interruptedAt(3),
      });
      expect(linesOf(done.stdout).map((one) => one.split("  ").at(-1))).to.deep.equal(["r-1", "r-8"]);
      expect(done.stderr).to.include(
        "following by asking every 5 seconds, until Ctrl-C: there is no live tail: access denied: not authorized",
      );
      // A minute before the newest line: some come late.
      expect(done.aws.callsOf("FilterLogEventsCommand").map(({ startTime }) => startTime)).to.deep.equal([
        NOW.getTime() - 60 * 60_000,
        CHANGED.timestamp - 60_000,
        late.timestamp - 60_000,
      ]);
      expect(done.aws.callsOf("StartLiveTailCommand"), "it is not tried again").to.have.lengthOf(1);
    });

    it("fails when there is no such log", async () => {
      const done = await run("logs dev --follow --json", {
        answers: {
          ...identityIn(dev.accountId),
          StartLiveTailCommand: () => {
            throw awsError("ResourceNotFoundException", "The specified log group does not exist.");
          },
        },
      });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, devNames.logGroupName)).to.match(/^fail: .*log group does not exist/);
    });
  });
});
