import { listEnvironments } from "../../../envs/load.ts";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { codeSha256 } from "../../../build/code-sha256.ts";
import { functionAnswers } from "../function-answers.ts";
import { identityIn, metricAnswers } from "../healthy-dev.ts";
import { startLocalAws } from "../local-aws.ts";
import { type Answers, recordedAws } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { NOW, run, type Run } from "../run.ts";

const ACCOUNTS = { dev: "536580886816", sit: "815856636111" };
const ZIP = Buffer.from("the zip to be shipped");

describe("ops gate", () => {
  let folder: string;
  let zip: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "gate-"));
    zip = join(folder, "handler.zip");
    await writeFile(zip, ZIP);
  });
  after(() => rm(folder, { recursive: true }));

  const answersOf = (environment: "dev" | "sit", counts: Readonly<Record<string, number>>): Answers => ({
    ...identityIn(ACCOUNTS[environment]),
    ...metricAnswers(counts),
    ...functionAnswers({
      versions: { 2: "of an earlier build", 3: codeSha256(ZIP), 4: "of a later build" },
      // Live for a month.
      aliases: { [`latest-${environment}`]: "3", "backup-20260201T100000Z": "2" },
    }).answers,
  });

  const BUSY = { Invocations: 100, AsyncEventsReceived: 90, Errors: 0, Throttles: 0, ReconcilerErrors: 0 };

  /** Tuesday 21:00 UTC, in a maintenance window of prod, unless said otherwise. */
  const gate = (
    words: string,
    counts: Readonly<Record<string, number>> = BUSY,
    at = NOW.toISOString(),
  ): Promise<Run> =>
    run(`gate ${words} --json`, {
      answers: answersOf(words.includes("dev") || words.includes("to-sit") ? "dev" : "sit", counts),
      clock: { now: () => new Date(at), wait: () => Promise.reject(new Error("nothing to wait for")) },
    });

  const lookbackOf = ({ aws }: Run): number => {
    const [first] = aws.callsOf("GetMetricStatisticsCommand");
    const { StartTime, EndTime } = first as { StartTime: Date; EndTime: Date };
    return (EndTime.getTime() - StartTime.getTime()) / 3_600_000;
  };

  it("judges the reconciler by its errors, and by its silence", async () => {
    const title = "Reconciler's errors in the last 1 h";
    const failing = await gate("--from dev", { ...BUSY, ReconcilerErrors: 11 });
    expect(failing.exitCode).to.equal(1);
    expect(lineOf(failing, title)).to.equal("fail: expected at most 10, found 11");
    const { ReconcilerErrors, ...silent } = BUSY;
    expect(ReconcilerErrors).to.equal(0);
    const quiet = await gate("--from dev --allow-idle", silent);
    expect(quiet.exitCode).to.equal(3);
    expect(lineOf(quiet, title)).to.equal(
      "inconclusive: expected at most 10, found no datapoint: it has not run",
    );
    const often = await gate("--from dev --lookback 10m", silent);
    expect(lineOf(often, "Reconciler's errors in the last 10 min")).to.equal(
      "skip: it runs every 15 min only",
    );
  });

  it("lets a busy environment without errors pass", async () => {
    const done = await gate("--from dev");
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Errors in the last 1 h")).to.equal("pass: expected at most 10, found 0");
    expect(lineOf(done, "Throttles in the last 1 h")).to.equal("pass: expected at most 0, found 0");
    expect(lookbackOf(done)).to.equal(1);
  });

  it("judges by the limits and the lookback that it is given", async () => {
    const words = "--from dev --lookback 90m --max-errors 2 --max-throttles 1";
    const atTheLimit = await gate(words, {
      Invocations: 9,
      AsyncEventsReceived: 7,
      Errors: 2,
      Throttles: 1,
      ReconcilerErrors: 2,
    });
    expect(atTheLimit.exitCode).to.equal(0);
    expect(lookbackOf(atTheLimit)).to.equal(1.5);

    const above = await gate(words, { Invocations: 9, AsyncEventsReceived: 7, Errors: 3, Throttles: 2 });
    expect(above.exitCode).to.equal(1);
    expect(lineOf(above, "Errors in the last 90 min")).to.equal("fail: expected at most 2, found 3");
    expect(lineOf(above, "Throttles in the last 90 min")).to.equal("fail: expected at most 1, found 2");
  });

  it("refuses a lookback beyond what CloudWatch keeps", async () => {
    expect(
      (await gate("--from dev --lookback 455d")).aws.callsOf("GetMetricStatisticsCommand"),
    ).not.to.deep.equal([]);
    const done = await gate("--from dev --lookback 456d");
    expect(done.exitCode).to.equal(2);
    expect(done.stdout).to.include("CloudWatch keeps its metrics for 455 days");
  });

  it("asks for datapoints that CloudWatch still keeps", async () => {
    const judge = (words: string) =>
      run(`gate --from dev ${words}`, {
        answers: {
          ...answersOf("dev", BUSY),
          ...functionAnswers({
            versions: { 2: "two", 3: "three" },
            aliases: { "latest-dev": "3", "backup-20260201T100000Z": "2" },
            descriptions: {
              "latest-dev": "release of version 3 at 2025-01-01T10:00:00.000Z, before: version 2: x",
              "backup-20260201T100000Z":
                "release of version 2 at 2026-01-01T10:00:00.000Z, before: version 1: x",
            },
          }).answers,
        },
      });
    // Version 2 was live until the first of February: its last hour is a month old.
    const old = await judge("--version 2");
    expect(old.aws.callsOf("GetMetricStatisticsCommand")[0]).to.include({ Period: 300 });
    const long = await judge("--lookback 400d");
    expect(long.aws.callsOf("GetMetricStatisticsCommand")[0]).to.include({ Period: 86_400 });
  });

  it("looks back by AWS's clock, not by that of the operator's machine", async () => {
    const local = await startLocalAws({ serverTime: () => NOW });
    const answers = answersOf("dev", BUSY);
    const recorded = recordedAws(answers);
    const late = new Date(NOW.getTime() + 8 * 3_600_000);
    const done = await run("gate --from dev --json", {
      createAws: (region) => ({ ...recorded.createAws(region), sts: local.createAws(region).sts }),
      clock: { now: () => late, wait: () => Promise.reject(new Error("nothing to wait for")) },
    });
    await local.close();
    expect(done.exitCode).to.equal(0);
    const [first] = recorded.callsOf("GetMetricStatisticsCommand");
    const { EndTime } = first as { EndTime: Date };
    expect(Math.abs(EndTime.getTime() - NOW.getTime())).to.be.at.most(1000);
  });

  it("asks CloudWatch for no more datapoints than it gives at once", async () => {
    const { aws } = await gate("--from dev --lookback 7d");
    expect(aws.callsOf("GetMetricStatisticsCommand")[0]).to.include({ Period: 3600 });
  });

  it("is inconclusive without datapoints", async () => {
    const done = await gate("--from dev", {});
    expect(done.exitCode).to.equal(3);
    expect(reportOf(done).outcome).to.equal("inconclusive");
    expect(lineOf(done, "Events in the last 1 h")).to.equal(
      "inconclusive: expected some, found none; test invocations do not count",
    );
    expect(lineOf(done, "Errors in the last 1 h")).to.match(/^inconclusive: /);
  });

  it("is inconclusive without invocations, though CloudWatch says zero", async () => {
    const done = await gate("--from dev", { Invocations: 0, Errors: 0, Throttles: 0 });
    expect(done.exitCode).to.equal(3);
  });

  it("takes the system's own test invocations for no activity", async () => {
    const done = await gate("--from dev", {
      Invocations: 3,
      AsyncEventsReceived: 0,
      Errors: 0,
      Throttles: 0,
    });
    expect(done.exitCode).to.equal(3);
    expect(lineOf(done, "Errors in the last 1 h")).to.match(/^pass/);
  });

  it("lets an idle environment pass when that is allowed", async () => {
    const done = await gate("--from dev --allow-idle", { ReconcilerErrors: 0 });
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Events in the last 1 h")).to.equal(
      "pass: expected some, or none, found none, which --allow-idle allows",
    );
  });

  it("does not take invocations without a count of errors for a pass, idle or not", async () => {
    const done = await gate("--from dev --allow-idle", { Invocations: 7, Throttles: 0 });
    expect(done.exitCode).to.equal(3);
    expect(lineOf(done, "Errors in the last 1 h")).to.match(/^inconclusive: .* found no datapoint$/);
  });

  it("fails an environment that was throttled so much that nothing was invoked", async () => {
    const done = await gate("--from dev --allow-idle", { Throttles: 4 });
    expect(done.exitCode).to.equal(1);
  });

  describe("of a version", () => {
    const ALIASES = {
      "latest-sit": "4",
      "backup-20260303T203000Z": "3",
      "backup-20260301T203000Z": "2",
    };
    const gateOf = (
      words: string,
      aliases: Readonly<Record<string, string>> = ALIASES,
      descriptions: Readonly<Record<string, string>> = {},
      weights: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
    ): Promise<Run> =>
      run(`gate --from sit ${words} --json`, {
        answers: {
          ...answersOf("sit", BUSY),
          ...functionAnswers({
            versions: { 2: "two", 3: "three", 4: "four" },
            aliases,
            descriptions,
            weights,
          }).answers,
        },
      });

    it("fails when it has not been live for as long, and says since when, and when it will pass", async () => {
      const done = await gateOf("--lookback 24h");
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Live for 24 h")).to.equal(
        "fail: expected at least 24 h, found live since 2026-03-03T20:30:00.000Z: passes at 2026-03-04T20:30:00.000Z",
      );
    });

    it("counts from when it went live", async () => {
      const done = await gateOf("--lookback 24h");
      const [{ StartTime } = {}] = done.aws.callsOf("GetMetricStatisticsCommand");
      expect(StartTime).to.deep.equal(new Date("2026-03-03T20:30:00Z"));
    });

    it("passes on the minute", async () => {
      expect((await gateOf("--lookback 30m")).exitCode).to.equal(0);
      expect((await gateOf("--lookback 31m")).exitCode).to.equal(1);
    });

    it("knows from the alias's description when it went live", async () => {
      const done = await gateOf("--lookback 30m", ALIASES, {
        "latest-sit": "release of version 4 at 2026-03-03T20:45:00.000Z, before: version 3: x",
      });
      expect(lineOf(done, "Live for 30 min")).to.include("live since 2026-03-03T20:45:00.000Z");
    });

    it("judges one of the past by the last of its time", async () => {
      const done = await gateOf("--version 3 --lookback 24h");
      expect(done.exitCode).to.equal(0);
      expect(lineOf(done, "Version to be promoted")).to.equal(
        "pass: version 3, live until 2026-03-03T20:30:00.000Z",
      );
      const [{ StartTime, EndTime } = {}] = done.aws.callsOf("GetMetricStatisticsCommand");
      expect(StartTime).to.deep.equal(new Date("2026-03-02T20:30:00Z"));
      expect(EndTime).to.deep.equal(new Date("2026-03-03T20:30:00Z"));
    });

    it("refuses one that shares its traffic with another: the numbers are of both", async () => {
      const done = await gateOf("--lookback 15m", ALIASES, {}, { "latest-sit": { 3: 0.5 } });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Version to be promoted")).to.equal(
        "fail: expected a version that has all of the traffic, found 50 % to version 4, 50 % to version 3",
      );
    });

    it("refuses one that was rolled back", async () => {
      const done = await gateOf("--version 3", { "latest-sit": "2", "checkpoint-20260303T203000Z": "3" });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Version to be promoted")).to.match(
        /^fail: .* which was rolled back at 2026-03-03/,
      );
    });

    for (const [version, complaint] of [
      [
        "9",
        "fail: bbws-ecs-event-handler-sit has no version 9. List the versions: npm run ops -- status sit",
      ],
      [
        "1",
        "fail: version 1 was never live in sit, according to its aliases, so nothing can be said about it. Judge a version that was live: npm run ops -- status sit",
      ],
    ] as const) {
      it(`refuses version ${version}`, async () => {
        const answers = functionAnswers({ versions: { 1: "one", 4: "four" }, aliases: ALIASES }).answers;
        const done = await run(`gate --from sit --version ${version} --json`, {
          answers: { ...answersOf("sit", BUSY), ...answers },
        });
        expect(done.exitCode).to.equal(1);
        expect(lineOf(done, "Version to be promoted")).to.equal(complaint);
      });
    }
  });

  it("does not judge by the numbers of another account", async () => {
    const done = await run("gate --from dev --json", {
      answers: { ...answersOf("dev", BUSY), ...identityIn("1") },
    });
    expect(done.exitCode).to.equal(1);
    expect(lineOf(done, "AWS account")).to.match(/^fail/);
  });

  describe("to-sit", () => {
    it("judges dev by what envs/sit.json says, and compares the code", async () => {
      const done = await gate(`to-sit --zip ${zip}`, {
        Invocations: 9,
        AsyncEventsReceived: 7,
        Errors: 10,
        Throttles: 0,
        ReconcilerErrors: 0,
      });
      expect(done.exitCode).to.equal(0);
      expect(reportOf(done).environment).to.equal("dev");
      expect(reportOf(done).checks.map(({ title }) => title)).to.deep.equal([
        "AWS account",
        "Version to be promoted",
        "Live for 1 h",
        "Events in the last 1 h",
        "Errors in the last 1 h",
        "Throttles in the last 1 h",
        "Reconciler's errors in the last 1 h",
        `Code of ${zip}`,
      ]);
    });

    it("fails when another zip would be shipped than the one that is live", async () => {
      const other = join(folder, "other.zip");
      await writeFile(other, "another build");
      const done = await gate(`to-sit --zip ${other}`);
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, `Code of ${other}`)).to.match(
        /^fail: expected CodeSha256 .*, found CodeSha256 .* of version 3 in dev/,
      );
    });

    it("fails when there is no zip, and says what makes one", async () => {
      const missing = join(folder, "missing.zip");
      const done = await gate(`to-sit --zip ${missing}`);
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, `Code of ${missing}`)).to.equal(
        `fail: ${missing} cannot be read. Build dist/handler.zip: npm run build`,
      );
    });
  });

  describe("to-prod", () => {
    const APPROVED = "Maintenance window approved";
    const WINDOW = "Maintenance window of prod";

    it("judges a day of sit by what envs/prod.json says, in a window that is confirmed", async () => {
      const done = await gate(`to-prod --zip ${zip} --confirm-window`, {
        Invocations: 9,
        AsyncEventsReceived: 7,
        Errors: 5,
        Throttles: 0,
        ReconcilerErrors: 0,
      });
      expect(done.exitCode).to.equal(0);
      expect(reportOf(done).environment).to.equal("sit");
      expect(lookbackOf(done)).to.equal(24);
      expect(lineOf(done, WINDOW)).to.equal(
        "pass: expected tuesday, thursday 20:00-24:00; saturday 04:00-08:00 (UTC), that is tuesday, thursday 22:00-02:00 the next day; " +
          "saturday 06:00-10:00 (Africa/Johannesburg), found tuesday 21:00 (UTC), that is tuesday 23:00 (Africa/Johannesburg)",
      );
    });

    it("fails at the sixth error", async () => {
      const done = await gate(`to-prod --zip ${zip} --confirm-window`, {
        Invocations: 9,
        AsyncEventsReceived: 7,
        Errors: 6,
        Throttles: 0,
      });
      expect(lineOf(done, "Errors in the last 24 h")).to.equal("fail: expected at most 5, found 6");
    });

    it("fails when nobody confirms the window", async () => {
      const done = await gate(`to-prod --zip ${zip}`);
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, APPROVED)).to.equal("fail: expected --confirm-window, found not confirmed");
    });

    for (const [at, opens] of [
      ["2026-03-03T19:59:59Z", false],
      ["2026-03-03T20:00:00Z", true],
      ["2026-03-03T23:59:59Z", true],
      ["2026-03-04T00:00:00Z", false],
      ["2026-03-07T07:59:00Z", true],
      ["2026-03-07T08:00:00Z", false],
      ["2026-03-07T21:00:00Z", false],
    ] as const) {
      it(`${opens ? "is open" : "is closed, confirmed or not,"} at ${at}`, async () => {
        const done = await gate(`to-prod --zip ${zip} --confirm-window`, BUSY, at);
        expect(done.exitCode).to.equal(opens ? 0 : 1);
        expect(lineOf(done, WINDOW)).to.match(opens ? /^pass/ : /^fail/);
      });
    }

    it("lets options win over the preset", async () => {
      const words = `to-prod --zip ${zip} --confirm-window --max-errors 7 --lookback 2h`;
      const done = await gate(words, {
        Invocations: 9,
        AsyncEventsReceived: 7,
        Errors: 7,
        Throttles: 0,
        ReconcilerErrors: 0,
      });
      expect(done.exitCode).to.equal(0);
      expect(lookbackOf(done)).to.equal(2);
    });
  });

  for (const [words, message] of [
    ["", "no environment to judge. Name a preset, or an environment by --from: npm run ops -- gate --help"],
    ["to-prd", 'Unknown preset "to-prd". Known: to-dev, to-prod, to-sit. Did you mean to-prod?'],
    ["to-dev", "Nothing is promoted to dev: releases start there"],
    [
      "--from prdo",
      `Unknown environment "prdo". Known: ${listEnvironments().join(", ")}. Did you mean prod?`,
    ],
    [
      "--from dev --lookback soon",
      "option '--lookback <duration>' argument 'soon' is invalid. It must be a duration such as 90m, 24h or 7d. See: npm run ops -- gate --help",
    ],
    [
      "--from dev --lookback 0h",
      "option '--lookback <duration>' argument '0h' is invalid. It must be a duration such as 90m, 24h or 7d. See: npm run ops -- gate --help",
    ],
    [
      "--from dev --max-errors -1",
      "option '--max-errors <count>' argument '-1' is invalid. It must be a whole number, 0 or more. See: npm run ops -- gate --help",
    ],
  ] as const) {
    it(`takes "gate ${words}" for a mistake`, async () => {
      const done = await run(`gate ${words}`);
      expect(done).to.include({ exitCode: 2, stdout: "", stderr: `${message}\n` });
    });
  }
});
