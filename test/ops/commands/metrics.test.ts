import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { dev, devNames, healthyDev, identityIn } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { createTerminal, NOW, run } from "../run.ts";

interface Request {
  readonly MetricName: string;
  readonly StartTime: Date;
  readonly Period: number;
}

/** Values of each metric by the number of the stretch. */
const answers = (values: Readonly<Record<string, Readonly<Record<number, number>>>>): Answers => ({
  ...identityIn(dev.accountId),
  GetMetricStatisticsCommand: ({ MetricName, StartTime, Period }: Request) => ({
    // CloudWatch sends them in no order.
    Datapoints: Object.entries(values[MetricName] ?? {})
      .reverse()
      .map(([index, value]) => ({
        Timestamp: new Date(StartTime.getTime() + Number(index) * Period * 1000),
        Sum: value,
        Maximum: value,
        ExtendedStatistics: { p99: value },
      })),
  }),
  FilterLogEventsCommand: () => ({
    events: ["duplicate", "no_tenant_tag", "duplicate"].map((reason) => ({
      message: JSON.stringify({ message: "ignored", status: "ignored", reason }),
    })),
  }),
});

const BUSY = {
  Invocations: { 0: 1200, 1: 0, 29: 34 },
  Errors: { 3: 0 },
  Duration: { 0: 12.34, 7: 8 },
  EventsIgnored: { 0: 3 },
  ApproximateNumberOfMessagesVisible: { 1: 7, 29: 2 },
};

describe("ops metrics", () => {
  it("shows each as a number and a curve, and why events were ignored", async () => {
    const done = await run("metrics dev", { answers: answers(BUSY) });
    expect(done.exitCode).to.equal(0);
    expect(done.stdout).to.match(/^METRIC +VALUE +WHICH IS +EACH 2 MIN$/m);
    expect(done.stdout).to.match(/^invocations +1,234 +the sum +█▁ {27}▁$/m);
    expect(done.stdout).to.match(/^errors +0 +the sum +▁$/m);
    expect(done.stdout).to.match(/^throttles +- +the sum$/m);
    expect(done.stdout).to.match(/^duration, p99 +12 ms +the highest +█ {6}▆$/m);
    expect(done.stdout).to.match(
      /^ignored +3 +the sum +\S\n {2}duplicate +2 +of the log\n {2}no_tenant_tag +1 +of the log$/m,
    );
    expect(done.stdout).to.match(/^dead letters +2 +the latest/m);
  });

  it("asks for whole minutes, the one that runs included, and for the function's metrics", async () => {
    const done = await run("metrics dev --last 90m", { answers: answers(BUSY) });
    const [first] = done.aws.callsOf("GetMetricStatisticsCommand");
    expect(first).to.deep.include({
      MetricName: "Invocations",
      Dimensions: [{ Name: "FunctionName", Value: devNames.functionName }],
      StartTime: new Date(NOW.getTime() - 89 * 60_000),
      EndTime: new Date(NOW.getTime() + 60_000),
      Period: 180,
    });
    expect(done.aws.callsOf("FilterLogEventsCommand")[0]).to.include({
      logGroupName: devNames.logGroupName,
      startTime: NOW.getTime() - 90 * 60_000,
      endTime: NOW.getTime(),
      filterPattern: '{ ($.status = "ignored") }',
    });
  });

  it("asks only for periods that CloudWatch still has", async () => {
    const periodOf = async (last: string): Promise<unknown> =>
      (await run(`metrics dev --last ${last}`, { answers: answers(BUSY) })).aws.callsOf(
        "GetMetricStatisticsCommand",
      )[0]?.["Period"];
    expect(await periodOf("5m")).to.equal(60);
    expect(await periodOf("7d")).to.equal(5 * 3600 + 36 * 60);
    expect(Number(await periodOf("100d")) % 3600).to.equal(0);
  });

  it("gives machines all values", async () => {
    const done = await run("metrics dev --last 5m --json", { answers: answers({ Invocations: { 1: 4 } }) });
    const { figures, ignoredByReason } = reportOf(done).result as {
      figures: object[];
      ignoredByReason: object;
    };
    expect(figures[0]).to.deep.equal({
      name: "invocations",
      is: "sum",
      value: 4,
      series: { stretchMs: 60_000, values: [null, 4, null, null, null] },
    });
    expect(ignoredByReason).to.deep.equal({ duplicate: 2, no_tenant_tag: 1 });
  });

  it("is inconclusive when CloudWatch has counted nothing at all", async () => {
    const done = await run("metrics dev --json", { answers: answers({}) });
    expect(done.exitCode).to.equal(3);
    expect(lineOf(done, "Metrics")).to.equal("inconclusive: 0 of 10 have datapoints");
  });

  it("shows the metrics when the log cannot be read, and fails", async () => {
    const done = await run("metrics dev", {
      answers: {
        ...answers(BUSY),
        FilterLogEventsCommand: () => {
          throw awsError("AccessDeniedException", "not authorized");
        },
      },
    });
    expect(done.exitCode).to.equal(1);
    expect(done.stdout).to.match(/^FAIL +Ignored events: access denied/m);
    expect(done.stdout).to.match(/^invocations +1,234/m);
  });

  it("shows the metrics when there is no such log, and fails", async () => {
    const done = await run("metrics dev", {
      answers: {
        ...answers(BUSY),
        FilterLogEventsCommand: () => {
          throw awsError("ResourceNotFoundException", "The specified log group does not exist.");
        },
      },
    });
    expect(done.exitCode).to.equal(1);
    expect(done.stdout).to.match(/^FAIL +Ignored events: .*The specified log group does not exist\.$/m);
    expect(done.stdout).to.match(/^invocations +1,234/m);
  });

  it("keeps its figures whatever a line of the log calls a reason, however long", async () => {
    const reason = `\u202e\u001b[2J${"x".repeat(10_000)}`;
    const message = JSON.stringify({ message: "ignored", status: "ignored", reason });
    const drawnAt = async (columns: number): Promise<string> => {
      const { stream, drawn } = createTerminal(columns);
      await run("metrics dev", {
        answers: { ...answers(BUSY), FilterLogEventsCommand: () => ({ events: [{ message }] }) },
        stdout: stream,
        terminal: { stdout: stream, stderr: stream },
      });
      for (const live of ["\u001b[2J", "\u202e"]) expect(drawn()).not.to.include(live);
      const shown = stripVTControlCharacters(drawn());
      for (const line of shown.split("\n")) expect(line.length, line).to.be.at.most(columns);
      return shown.slice(shown.lastIndexOf("METRIC"));
    };
    const shown = await drawnAt(80);
    expect(shown).to.match(/^ {2}\\u202e\\u001b\[2Jx+… +1 +of the log$/m);
    expect(shown).to.match(/^invocations +1,234 +the sum +█▁ {27}▁$/m);
    expect(await drawnAt(70), "a curve is whole").to.match(/^invocations +1,234 +█▁ {27}▁$/m);
    expect(await drawnAt(40), "or left out").to.match(/^invocations +1,234$/m);
  });

  it("refuses what CloudWatch does not keep", async () => {
    const done = await run("metrics dev --last 500d");
    expect(done.exitCode).to.equal(2);
    expect(done.stderr).to.include("at most 455d");
  });

  it("is one line of status", async () => {
    const done = await run("status dev --json", { answers: { ...healthyDev(), ...answers(BUSY) } });
    expect(lineOf(done, "The last hour")).to.equal(
      "pass: invocations 1,234; errors 0; duration, p99 12 ms; ignored 3; dead letters 2",
    );
  });
});
