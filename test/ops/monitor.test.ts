import { expect } from "chai";
import { functionAnswers } from "./function-answers.ts";
import { healthyDev, identityIn, metricAnswers } from "./healthy-dev.ts";
import { type Answers, awsError } from "./recorded-aws.ts";
import { lineOf, reportOf } from "./report-of.ts";
import { NOW, run } from "./run.ts";

const WATCH = "Within the limits for 5 min";

/** Answers that say one thing at first and another from some call on. */
const fromCall = (number: number, before: object, after: object): (() => object) => {
  let calls = 0;
  return () => (++calls >= number ? after : before);
};

const depth = (waiting: number): object => ({
  Attributes: { ApproximateNumberOfMessages: String(waiting), ApproximateNumberOfMessagesNotVisible: "0" },
});

describe("ops monitor", () => {
  it("looks every half minute until the time is over", async () => {
    const { exitCode, stdout, aws } = await run("monitor dev", { answers: healthyDev() });
    expect(exitCode).to.equal(0);
    expect(stdout).to.include(
      `pass          ${WATCH}: expected at most errors 10, throttles 0, new dead letters 10, event age in seconds 300, ` +
        "found errors 0, throttles 0, new dead letters 0, event age in seconds 0\n",
    );
    const errors = aws
      .callsOf("GetMetricStatisticsCommand")
      .filter(({ MetricName }) => MetricName === "Errors");
    expect(errors).to.have.length(11);
    const since = new Set(errors.map(({ StartTime }) => (StartTime as Date).toISOString()));
    expect([...since]).to.deep.equal([NOW.toISOString()]);
  });

  it("draws a bar that says how it stands", async () => {
    const { stdout } = await run("monitor dev --minutes 1", { answers: healthyDev() });
    const bars = stdout.split("\n").filter((line) => line.includes("["));
    expect(bars).to.have.length(3);
    expect(bars[1]).to.include("[##########----------] 0.5/1 min, errors 0, throttles 0,");
  });

  interface Breach {
    readonly what: string;
    readonly answers: () => Answers;
    readonly found: string;
  }

  const breaches: readonly Breach[] = [
    {
      what: "more errors than the alarm allows",
      answers: () => metricAnswers({ Errors: 11 }),
      found: "errors 11 > 10 after 0 min",
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
      answers: () => ({ GetQueueAttributesCommand: fromCall(3, depth(5), depth(16)) }),
      found: "new dead letters 11 > 10 after 0.5 min",
    },
    {
      what: "several troubles at once",
      answers: () => metricAnswers({ Errors: 11, Throttles: 1 }),
      found: "errors 11 > 10, throttles 1 > 0 after 0 min",
    },
  ];

  for (const { what, answers, found } of breaches) {
    it(`ends early on ${what}`, async () => {
      const done = await run("monitor dev --json", { answers: { ...healthyDev(), ...answers() } });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, WATCH)).to.equal(
        `fail: expected at most errors 10, throttles 0, new dead letters 10, event age in seconds 300, found ${found}`,
      );
    });
  }

  it("allows as much as the alarms do", async () => {
    const answers = { ...healthyDev(), ...metricAnswers({ Errors: 10, AsyncEventAge: 300_000 }) };
    expect((await run("monitor dev", { answers })).exitCode).to.equal(0);
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
      const done = await monitor(metricAnswers({ Errors: 11 }), "--reason March");
      expect(done.exitCode).to.equal(1);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "5", "checkpoint-20260303T210000Z": "7" });
      expect(done.lambda.descriptionOf("latest-dev")).to.match(
        /before: version 7: March; monitor: errors 11 > 10$/,
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

    it("rolls nothing back when it cannot look", async () => {
      const done = await monitor({
        GetMetricStatisticsCommand: () => {
          throw awsError("AccessDenied", "not authorized to perform: cloudwatch:GetMetricStatistics");
        },
      });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, WATCH)).to.match(/^fail: access denied/);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
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
