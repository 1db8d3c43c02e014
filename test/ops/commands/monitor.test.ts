import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { stripVTControlCharacters } from "node:util";
import { join } from "node:path";
import { codeSha256 } from "../../../build/code-sha256.ts";
import { functionAnswers } from "../function-answers.ts";
import { healthyDev, identityIn, metricAnswers } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { createTerminal, NOW, run } from "../run.ts";

const WATCH = "Within the limits for 5 min";
const LIMITS =
  "at most errors 10, throttles 0, new dead letters 10, event age in seconds 300, errors of the " +
  "reconciler 10, and fewer than 3 failures or half of " +
  "the invocations";

/** Answers that say one thing at first and another from some call on. */
const fromCall = (number: number, before: object, after: object): (() => object) => {
  let calls = 0;
  return () => (++calls >= number ? after : before);
};

const depth = (waiting: number): object => ({
  Attributes: { ApproximateNumberOfMessages: String(waiting), ApproximateNumberOfMessagesNotVisible: "0" },
});

const reject = (name: string): never => {
  throw awsError(name);
};

const refuse = (): never => {
  throw awsError("AccessDenied", "not authorized to perform: cloudwatch:GetMetricStatistics");
};

const throttle = (): never => {
  throw awsError("ThrottlingException", "Rate exceeded");
};

describe("ops monitor", () => {
  it("looks every half minute until the time is over", async () => {
    const { exitCode, stdout, aws } = await run("monitor dev", { answers: healthyDev() });
    expect(exitCode).to.equal(0);
    expect(stdout).to.include(
      `pass          ${WATCH}: ` +
        "healthy: invocations 5, errors 0, throttles 0, new dead letters 0, event age in seconds 0, errors of the reconciler 0\n",
    );
    const errors = aws
      .callsOf("GetMetricStatisticsCommand")
      .filter(({ MetricName }) => MetricName === "Errors");
    expect(errors, "of both functions").to.have.length(22);
    const since = new Set(errors.map(({ StartTime }) => (StartTime as Date).toISOString()));
    expect([...since]).to.deep.equal([NOW.toISOString()]);
  });

  it("begins when the function can be read again, and proves nothing when it never can", async () => {
    const answers = healthyDev();
    for (const [readableFrom, exitCode, verdict] of [
      [2, 0, "healthy"],
      [99, 3, "blind"],
    ] as const) {
      let calls = 0;
      const done = await run("monitor dev --minutes 1 --json", {
        answers: {
          ...answers,
          GetAliasCommand: (input: never) =>
            ++calls < readableFrom ? reject("TooManyRequestsException") : answers["GetAliasCommand"]?.(input),
        },
      });
      expect(done.exitCode, done.stdout).to.equal(exitCode);
      expect(reportOf(done).result).to.deep.equal({ verdict });
    }
  });

  it("goes on when CloudWatch cannot be read for a while", async () => {
    let calls = 0;
    const answers = healthyDev();
    const { exitCode, stdout } = await run("monitor dev --minutes 1", {
      answers: {
        ...answers,
        GetMetricStatisticsCommand: (input: never) =>
          ++calls === 1 ? throttle() : answers["GetMetricStatisticsCommand"]?.(input),
      },
    });
    expect(stdout).to.include("0/1 min, invocations 0, errors 0,");
    expect(stdout).to.include(
      "CloudWatch could not be read (AWS throttles CloudWatch.GetMetricStatistics: Rate exceeded",
    );
    expect(stdout).to.include("pass          Within the limits for 1 min: healthy: invocations 5");
    expect(exitCode).to.equal(0);
  });

  for (const [what, answers, why] of [
    [
      "it may not read the metrics",
      { GetMetricStatisticsCommand: refuse },
      /^inconclusive: expected .*, found not watched any longer than 0 min, .*; CloudWatch could not be read \(access denied: not authorized/,
    ],
    [
      "it may not read the queue",
      { GetQueueUrlCommand: () => reject("AccessDenied") },
      /the dead-letter queue could not be read \(access denied/,
    ],
    [
      "it may not read the function",
      { GetAliasCommand: () => reject("AccessDeniedException") },
      /found the function could not be read \(access denied/,
    ],
    [
      "its credentials have expired",
      { GetAliasCommand: () => reject("ExpiredTokenException") },
      /found the function could not be read \(the AWS credentials have expired\. Sign in again: aws sso login\)$/,
    ],
  ] as const)
    it(`ends at once, inconclusive, where ${what}: no further look would see more`, async () => {
      const waits: number[] = [];
      const done = await run("monitor dev --json", {
        answers: { ...healthyDev(), ...answers },
        clock: {
          now: () => NOW,
          wait: (milliseconds) => {
            waits.push(milliseconds);
            return Promise.reject(new Error("it waits"));
          },
        },
      });
      expect(waits).to.deep.equal([]);
      expect(done.exitCode).to.equal(3);
      expect(reportOf(done).result).to.deep.equal({ verdict: "blind" });
      expect(lineOf(done, WATCH)).to.match(why);
    });

  it("ends when its credentials expire while it watches", async () => {
    let calls = 0;
    const alias = { Name: "latest-dev", FunctionVersion: "7" };
    const done = await run("monitor dev --json", {
      answers: { ...healthyDev(), GetAliasCommand: () => (++calls > 3 ? reject("ExpiredToken") : alias) },
    });
    expect(done.exitCode).to.equal(3);
    expect(lineOf(done, WATCH)).to.include("not watched any longer than 1 min");
  });

  it("shows on lines that fit what AWS says, however long and whatever is in it", async () => {
    const hostile = `\u202e\u001b[2J\u0007${"long-".repeat(2000)}`;
    const { stream, drawn } = createTerminal(80);
    const done = await run("monitor dev --minutes 1", {
      answers: {
        ...healthyDev(),
        GetMetricStatisticsCommand: () => {
          throw awsError("ThrottlingException", hostile);
        },
      },
      stdout: stream,
      terminal: { stdout: stream, stderr: stream },
    });
    expect(done.exitCode).to.equal(3);
    for (const live of ["\u202e", "\u001b[2J", "\u0007"]) expect(drawn()).not.to.include(live);
    const shown = stripVTControlCharacters(drawn());
    expect(shown).to.include("\\u202e\\u001b[2J\\u0007long-");
    // A word stays whole.
    for (const line of shown.split("\n"))
      if (line.trim().includes(" ")) expect(line.length, line).to.be.at.most(80);
  });

  it("is inconclusive when the queue cannot be read at the end", async () => {
    const done = await run("monitor dev --json", {
      answers: { ...healthyDev(), GetQueueUrlCommand: () => reject("QueueDoesNotExist") },
    });
    expect(done.exitCode).to.equal(3);
    expect(reportOf(done).result).to.deep.equal({ verdict: "blind" });
    expect(lineOf(done, WATCH)).to.match(/the dead-letter queue could not be read \(there is no queue/);
  });

  it("is inconclusive without the function", async () => {
    const done = await run("monitor dev --json", {
      answers: { ...healthyDev(), GetAliasCommand: () => reject("ResourceNotFoundException") },
    });
    expect(done.exitCode).to.equal(3);
    expect(reportOf(done).result).to.deep.equal({ verdict: "gone" });
  });

  it("ends, inconclusive, when the function is deleted meanwhile", async () => {
    const alias = { Name: "latest-dev", FunctionVersion: "7" };
    let calls = 0;
    const done = await run("monitor dev --allow-idle --json", {
      answers: {
        ...healthyDev(),
        ...metricAnswers({}),
        GetAliasCommand: () => (++calls > 3 ? reject("ResourceNotFoundException") : alias),
      },
    });
    expect(done.exitCode).to.equal(3);
    expect(lineOf(done, WATCH)).to.match(/is not there since 1 min after the start/);
  });

  it("draws a bar that says how it stands", async () => {
    const { stdout } = await run("monitor dev --minutes 1", { answers: healthyDev() });
    const bars = stdout.split("\n").filter((line) => line.includes("["));
    expect(bars).to.have.length(3);
    expect(bars[1]).to.include("[##########----------] 0.5/1 min, invocations 5, errors 0, throttles 0,");
  });

  interface Breach {
    readonly what: string;
    readonly answers: () => Answers;
    readonly found: string;
  }

  const breaches: readonly Breach[] = [
    {
      what: "more errors than the alarm allows",
      answers: () => metricAnswers({ Invocations: 100, Errors: 11 }),
      found: "errors 11 > 10 after 0 min",
    },
    {
      what: "runs of the reconciler that fail",
      answers: () => metricAnswers({ ReconcilerErrors: 11 }),
      found: "errors of the reconciler 11 > 10 after 0 min",
    },
    {
      what: "a throttle",
      answers: () => metricAnswers({ Throttles: 1 }),
      found: "throttles 1 > 0 after 0 min",
    },
    {
      what: "events that wait too long",
      answers: () => metricAnswers({ AsyncEventAge: 300_500 }),
      found: "event age in seconds 300.5 > 300 after 0 min",
    },
    {
      what: "more new dead letters than the alarm allows, in the second look",
      answers: () => ({ GetQueueAttributesCommand: fromCall(2, depth(5), depth(16)) }),
      found: "new dead letters 11 > 10 after 0.5 min",
    },
    {
      what: "a function that fails three times of three, far below the alarm's limit",
      answers: () => metricAnswers({ Invocations: 3, Errors: 3 }),
      found: "3 of 3 invocations failed after 0 min",
    },
    {
      what: "a function that fails every other time",
      answers: () => metricAnswers({ Invocations: 8, Errors: 4 }),
      found: "4 of 8 invocations failed after 0 min",
    },
    {
      what: "errors of invocations that CloudWatch has not counted yet",
      answers: () => metricAnswers({ Errors: 3 }),
      found: "3 of 3 invocations failed after 0 min",
    },
    {
      what: "several troubles at once",
      answers: () => metricAnswers({ Invocations: 100, Errors: 11, Throttles: 1 }),
      found: "errors 11 > 10, throttles 1 > 0 after 0 min",
    },
  ];

  for (const { what, answers, found } of breaches) {
    it(`ends early on ${what}`, async () => {
      const done = await run("monitor dev --json", { answers: { ...healthyDev(), ...answers() } });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, WATCH)).to.equal(`fail: expected ${LIMITS}, found ${found}`);
    });
  }

  it("allows as much as the alarms do", async () => {
    const answers = {
      ...healthyDev(),
      ...metricAnswers({ Invocations: 21, Errors: 10, AsyncEventAge: 300_000 }),
    };
    expect((await run("monitor dev", { answers })).exitCode).to.equal(0);
  });

  for (const [what, counts] of [
    ["two failures of two", { Invocations: 2, Errors: 2 }],
    ["three failures of seven", { Invocations: 7, Errors: 3 }],
  ] as const) {
    it(`takes ${what} for no breach`, async () => {
      const answers = { ...healthyDev(), ...metricAnswers(counts) };
      expect((await run("monitor dev", { answers })).exitCode).to.equal(0);
    });
  }

  it("is inconclusive when no event came, and says that nothing was proved", async () => {
    const idle = { ...healthyDev(), ...metricAnswers({ Invocations: 2, Errors: 0, AsyncEventsReceived: 0 }) };
    const done = await run("monitor dev --json", { answers: idle });
    expect(done.exitCode).to.equal(3);
    expect((await run("monitor dev --allow-idle", { answers: idle })).exitCode).to.equal(0);
    expect(reportOf(done).result).to.deep.equal({ verdict: "idle" });
    expect(lineOf(done, WATCH)).to.match(/found idle: invocations 2, errors 0,/);
    expect((await run("monitor dev", { answers: idle })).stdout).to.include(
      "\nIdle: no event has come since 2026-03-03T21:00:00.000Z. Nothing was proved.\n",
    );
    expect(reportOf(await run("monitor dev --json", { answers: healthyDev() })).result).to.deep.equal({
      verdict: "healthy",
    });
  });

  describe("some time after the release", () => {
    /** Version 7 was released at 20:59:20, with two messages in the dead-letter queue. */
    const released = (at = "2026-03-03T20:59:20.000Z"): Answers => ({
      ...healthyDev(),
      GetAliasCommand: () => ({
        Name: "latest-dev",
        FunctionVersion: "7",
        Description: `release of version 7 at ${at}, before: version 6 [2 dead letters]: x`,
      }),
    });
    const platformLine = (requestId: string, status: string): object => ({
      message: JSON.stringify({ type: "platform.report", record: { requestId, status } }),
    });

    it("counts by whole minutes, and by the log in the minute of the release", async () => {
      const { aws } = await run("monitor dev --minutes 1", { answers: released() });
      const [metric] = aws.callsOf("GetMetricStatisticsCommand");
      expect(metric?.["StartTime"]).to.deep.equal(new Date("2026-03-03T21:00:00Z"));
      const [log] = aws.callsOf("FilterLogEventsCommand");
      expect(log).to.include({
        startTime: Date.parse("2026-03-03T20:59:20.000Z"),
        endTime: Date.parse("2026-03-03T20:59:59.999Z"),
      });
    });

    it("sees what failed in the minute of the release", async () => {
      const lines = ["a", "b", "c"].map((id) => platformLine(id, "error"));
      const done = await run("monitor dev --json", {
        answers: {
          ...released(),
          ...metricAnswers({ Invocations: 2 }),
          FilterLogEventsCommand: () => ({ events: lines }),
        },
      });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, WATCH)).to.include("found 3 of 5 invocations failed");
    });

    it("counts the dead letters since the release, not since it began to look", async () => {
      const answers = (waiting: number) => ({
        ...released(),
        GetQueueAttributesCommand: () => depth(waiting),
      });
      expect((await run("monitor dev", { answers: answers(12) })).exitCode).to.equal(0);
      const done = await run("monitor dev --json", { answers: answers(13) });
      expect(lineOf(done, WATCH)).to.include("found new dead letters 11 > 10");
    });

    it("counts from now on when the release is long past", async () => {
      const { aws } = await run("monitor dev", { answers: released("2026-03-03T19:00:00.000Z") });
      const [metric] = aws.callsOf("GetMetricStatisticsCommand");
      expect(metric?.["StartTime"]).to.deep.equal(NOW);
    });
  });

  it("does not hold messages against a release that were in the queue before", async () => {
    const answers = { ...healthyDev(), GetQueueAttributesCommand: () => depth(100) };
    expect((await run("monitor dev", { answers })).exitCode).to.equal(0);
  });

  it("ends when it is interrupted, and says so", async () => {
    const interruption = new AbortController();
    const done = await run("monitor dev --json", {
      answers: healthyDev(),
      signal: interruption.signal,
      clock: {
        now: () => NOW,
        wait: (_milliseconds, signal) => {
          interruption.abort();
          return Promise.reject(signal.reason as Error);
        },
      },
    });
    expect(done.exitCode).to.equal(3);
    expect(reportOf(done).interrupted).to.equal(true);
    expect(lineOf(done, WATCH)).to.equal("skip: interrupted");
  });

  describe("with --rollback", () => {
    const monitor = async (further: Answers, words = "") => {
      const lambda = functionAnswers({
        versions: { 5: "five", 7: "seven" },
        aliases: { "latest-dev": "7", "backup-20260302T100000Z": "5" },
      });
      const answers = { ...healthyDev(), ...lambda.answers, ...further };
      return { ...(await run(`monitor dev --rollback ${words} --json`, { answers })), lambda };
    };

    it("rolls back on a breach, exits with 1 and gives the breach as the reason", async () => {
      const done = await monitor(metricAnswers({ Invocations: 100, Errors: 11 }), "--reason March");
      expect(done.exitCode).to.equal(1);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "5", "checkpoint-20260303T210000Z": "7" });
      expect(done.lambda.descriptionOf("latest-dev")).to.match(
        /before: version 7 \[by jo\]: March; monitor: errors 11 > 10$/,
      );
      const failed = reportOf(done).checks.filter(({ outcome }) => outcome === "fail");
      expect(failed.map(({ title }) => title)).to.deep.equal([WATCH]);
    });

    it("rolls nothing back when all goes well", async () => {
      const done = await monitor({});
      expect(done.exitCode).to.equal(0);
      expect(lineOf(done, "Alias moved")).to.equal("skip: no limit was exceeded");
      expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
    });

    it("rolls nothing back when that has happened already", async () => {
      const done = await monitor({
        ...metricAnswers({ Invocations: 100, Errors: 11 }),
        GetAliasCommand: () => ({
          Name: "latest-dev",
          FunctionVersion: "7",
          Description: "rollback to version 7 at 2026-03-03T20:59:00.000Z, before: version 8: verify failed",
        }),
      });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Alias moved")).to.equal(
        "skip: version 7 was rolled back to already, at 2026-03-03T20:59:00.000Z",
      );
      expect(done.aws.callsOf("UpdateAliasCommand")).to.deep.equal([]);
    });

    it("rolls nothing back when another version has gone live while it watched", async () => {
      const lambda = functionAnswers({
        versions: { 5: "five", 7: "seven", 8: "eight" },
        aliases: { "latest-dev": "7", "backup-20260302T100000Z": "5" },
      });
      const done = await run("monitor dev --rollback --json", {
        answers: {
          ...healthyDev(),
          ...lambda.answers,
          GetMetricStatisticsCommand: (input: never) => {
            lambda.moveAlias(
              "latest-dev",
              "8",
              "release of version 8 at 2026-03-03T20:59:59.000Z, before: version 7 [by kim]: hotfix",
            );
            return (
              metricAnswers({ Invocations: 100, Errors: 11 })["GetMetricStatisticsCommand"] as (
                asked: never,
              ) => object
            )(input);
          },
        },
      });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Alias moved")).to.equal(
        "skip: someone else has moved the alias from version 7 to version 8 (kim: release of version 8 at 2026-03-03T20:59:59.000Z)",
      );
      expect(lambda.aliases()).to.include({ "latest-dev": "8" });
    });

    it("rolls back the code that it is given, and no other", async () => {
      const folder = mkdtempSync(join(tmpdir(), "monitor-"));
      const zip = join(folder, "handler.zip");
      writeFileSync(zip, "another build");
      const breach = metricAnswers({ Invocations: 100, Errors: 11 });
      const other = await monitor(breach, `--zip ${zip}`);
      expect(lineOf(other, "Alias moved")).to.equal(
        `skip: version 7 is live, which is not the code of ${zip}`,
      );
      expect(other.exitCode).to.equal(1);
      const own = functionAnswers({
        versions: { 5: "five", 7: codeSha256(Buffer.from("another build")) },
        aliases: { "latest-dev": "7", "backup-20260302T100000Z": "5" },
      });
      await run(`monitor dev --rollback --zip ${zip}`, {
        answers: { ...healthyDev(), ...own.answers, ...breach },
      });
      expect(own.aliases()).to.include({ "latest-dev": "5" });
      rmSync(folder, { recursive: true });
    });

    it("rolls nothing back when it cannot look, and does not claim that all was well", async () => {
      const done = await monitor({ GetMetricStatisticsCommand: refuse });
      expect(done.exitCode).to.equal(3);
      expect(lineOf(done, WATCH)).to.match(
        /^inconclusive: .*; CloudWatch could not be read \(access denied: not authorized/,
      );
      expect(lineOf(done, "Alias moved")).to.equal(
        "skip: not everything could be seen, so it cannot be judged whether a limit was exceeded",
      );
      expect(done.stdout).not.to.include("no limit was exceeded");
      expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
    });

    it("rolls back on what the queue shows while CloudWatch cannot be read", async () => {
      const done = await monitor({
        GetMetricStatisticsCommand: throttle,
        GetQueueAttributesCommand: fromCall(2, depth(0), depth(11)),
      });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, WATCH)).to.match(
        /found new dead letters 11 > 10 after 0.5 min; CloudWatch could not be read/,
      );
      expect(done.lambda.aliases()).to.include({ "latest-dev": "5" });
    });

    it("does not say that no limit was exceeded when no event came", async () => {
      const done = await monitor(metricAnswers({ Invocations: 2, Errors: 0 }));
      expect(lineOf(done, "Alias moved")).to.equal("skip: no event came, so nothing was judged");
    });

    it("touches nothing in another account", async () => {
      const done = await monitor({ ...metricAnswers({ Errors: 11 }), ...identityIn("1") });
      expect(done.exitCode).to.equal(1);
      expect(done.aws.calls.map(({ command }) => command)).to.deep.equal(["GetCallerIdentityCommand"]);
    });

    it("only says what it would do in a dry run", async () => {
      const done = await monitor(metricAnswers({ Errors: 11 }), "--dry-run");
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Alias moved")).to.equal("skip: would move latest-dev from version 7 to 5");
      expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
    });
  });

  for (const minutes of ["0", "-5", "1441", "soon", ""]) {
    it(`takes ${JSON.stringify(minutes)} minutes for a mistake`, async () => {
      expect((await run(["monitor", "dev", "--minutes", minutes])).exitCode).to.equal(2);
    });
  }
});
