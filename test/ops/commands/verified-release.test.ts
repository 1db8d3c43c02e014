import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseRecord } from "../../../ops/aws/lambda/release-record.ts";
import { deadLetterQueuePolicy } from "../../../stacks/dead-letter-queue-policy.ts";
import { recordedPlan } from "../../ci/terraform.ts";
import { functionAnswers, type FunctionAnswers, type FunctionOptions } from "../function-answers.ts";
import { deployedAlarms, dev, devNames, healthyDev } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { run, type Run } from "../run.ts";

const PLAN = readFileSync(recordedPlan("none"), "utf8");
const HALF_PAST = new Date("2026-03-03T21:00:30Z");
const COMMIT = "c".repeat(40);

const depth = (waiting: number): object => ({
  Attributes: {
    ApproximateNumberOfMessages: String(waiting),
    ApproximateNumberOfMessagesNotVisible: "0",
    Policy: JSON.stringify(deadLetterQueuePolicy(dev)),
  },
});
const alarms = (on: readonly string[]): object => ({
  MetricAlarms: deployedAlarms().map((deployed) => ({
    ...deployed,
    StateValue: on.includes(deployed.AlarmName ?? "") ? "ALARM" : "OK",
  })),
});
/** Answers one thing before the alias has moved, and another afterwards. */
const onceMoved = (moved: () => boolean, before: object, after: object) => () => (moved() ? after : before);

describe("a deployment's release", () => {
  let folder: string;
  let provenance: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "provenance-"));
    provenance = join(folder, "provenance.json");
    tell();
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  const tell = (codeSha256 = "seven"): void => {
    writeFileSync(
      provenance,
      JSON.stringify({
        codeSha256,
        bytes: 3,
        repository: "owner/repo",
        origin: { kind: "workflow", commit: COMMIT, run: "42" },
        promotedFrom: null,
      }),
    );
  };

  /** Deploys version 7 while 6 is live; the infrastructure stays as it is. */
  const deploy = async (
    words = "",
    further: (moved: () => boolean) => Answers = () => ({}),
    options: Partial<FunctionOptions> = {},
  ): Promise<Run & { lambda: FunctionAnswers }> => {
    const lambda = functionAnswers({
      versions: { 6: "six", 7: "seven" },
      aliases: { "latest-dev": "6" },
      ...options,
    });
    const moved = (): boolean => lambda.aliases()["latest-dev"] === "7";
    const done = await run(`deploy dev --json ${words}`, {
      answers: { ...healthyDev(), ...lambda.answers, ...further(moved) },
      // Within a minute: what happens in it is counted by the log.
      clock: { now: () => HALF_PAST, wait: () => Promise.resolve() },
      startProgram: (_file, [command = ""], { output }) => {
        if (command === "show") output.write(PLAN);
        return Promise.resolve(0);
      },
    });
    return { ...done, lambda };
  };
  const originOf = ({ lambda }: { lambda: FunctionAnswers }, alias = "latest-dev") =>
    parseRecord(lambda.descriptionOf(alias) ?? "")?.origin;

  describe("with old trouble around", () => {
    it("goes through as a hotfix does: only what happens since counts", async () => {
      const { errors } = devNames.alarmNames;
      const done = await deploy("", () => ({
        GetMetricStatisticsCommand: ({ StartTime }: { StartTime: Date }) => ({
          Datapoints: StartTime < HALF_PAST ? [{ Sum: 30 }] : [],
        }),
        GetQueueAttributesCommand: () => depth(12),
        DescribeAlarmsCommand: () => alarms([errors]),
      }));
      expect(done.exitCode).to.equal(0);
      expect(lineOf(done, "Trouble before the release")).to.equal(
        `pass: 12 dead letters, alarms on: ${errors}`,
      );
      expect(lineOf(done, "Dead-letter queue")).to.equal(
        "pass: expected at most 12 messages, as before the release, found 12 messages",
      );
      expect(lineOf(done, "Alarms in state ALARM")).to.equal(
        `pass: expected none that was not on before the release, found ${errors} (as before)`,
      );
      expect(parseRecord(done.lambda.descriptionOf("latest-dev") ?? "")?.deadLetters).to.equal(12);
    });

    it("looks at the log from the release on", async () => {
      const { aws } = await deploy();
      const starts = aws.callsOf("FilterLogEventsCommand").map(({ startTime }) => startTime);
      expect(new Set(starts)).to.deep.equal(new Set([HALF_PAST.getTime()]));
    });

    interface Trouble {
      readonly what: string;
      readonly answers: (moved: () => boolean) => Answers;
      readonly check: string;
      readonly line: RegExp;
    }
    const platformLine = {
      message: '{"type":"platform.report","record":{"requestId":"a","status":"error"}}',
    };
    const troubles: readonly Trouble[] = [
      {
        what: "a new dead letter",
        answers: (moved) => ({ GetQueueAttributesCommand: onceMoved(moved, depth(12), depth(13)) }),
        check: "Dead-letter queue",
        line: /^fail: .* found 13 messages$/,
      },
      {
        what: "a new alarm",
        answers: (moved) => ({
          DescribeAlarmsCommand: onceMoved(
            moved,
            alarms([devNames.alarmNames.errors]),
            alarms([devNames.alarmNames.errors, devNames.alarmNames.throttles]),
          ),
        }),
        check: "Alarms in state ALARM",
        line: /^fail: .* found .*throttles(,|$)/,
      },
      {
        what: "an error since",
        answers: (moved) => ({
          FilterLogEventsCommand: onceMoved(moved, { events: [] }, { events: [platformLine] }),
        }),
        check: "Errors since the release",
        line: /^fail: expected 0, found 1$/,
      },
    ];
    for (const { what, answers, check, line } of troubles) {
      it(`fails with ${what}`, async () => {
        const done = await deploy("", answers);
        expect(done.exitCode).to.equal(1);
        expect(lineOf(done, check)).to.match(line);
      });
    }
  });

  describe("with --rollback", () => {
    const ALIASES = { "latest-dev": "6", "backup-20260301T100000Z": "5" };
    const VERSIONS = { 5: "five", 6: "six", 7: "seven" };
    const wrongPolicy = (moved: () => boolean): Answers => ({
      GetPolicyCommand: onceMoved(moved, {}, { Policy: "{}" }),
    });

    it("goes back when verify fails after the alias has moved, and says why", async () => {
      const done = await deploy('--rollback --reason "release of March"', wrongPolicy, {
        versions: VERSIONS,
        aliases: ALIASES,
      });
      expect(done.exitCode).to.equal(1);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "6", "checkpoint-20260303T210030Z": "7" });
      expect(done.lambda.descriptionOf("latest-dev")).to.match(
        /^rollback to version 6 .*: verify failed: .* permission, .* permission; release of March$/,
      );
      expect(
        reportOf(done).checks.find(({ title, stage }) => title === "Alias moved" && stage === "rollback"),
      ).to.include({ outcome: "pass" });
    });

    it("stays when IAM shows some seconds later what was applied", async () => {
      const shownAfter = 3;
      const asked = new Map<string, number>();
      const shown = healthyDev()["ListRolePoliciesCommand"];
      const done = await deploy("--rollback", () => ({
        ListRolePoliciesCommand: ({ RoleName }: { RoleName: string }) => {
          const before = asked.get(RoleName) ?? 0;
          asked.set(RoleName, before + 1);
          return before < shownAfter ? { PolicyNames: [] } : shown?.({ RoleName } as never);
        },
      }));
      expect(done.exitCode, done.stdout).to.equal(0);
      expect(Object.fromEntries(asked)).to.deep.equal({
        [devNames.roleName]: shownAfter + 1,
        [devNames.reconciler.roleName]: shownAfter + 1,
        [devNames.reconciler.scheduleRoleName]: shownAfter + 1,
      });
      expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
    });

    it("stays when verify is content", async () => {
      const done = await deploy("--rollback");
      expect(done.exitCode).to.equal(0);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
      expect(lineOf(done, "Version to go back to")).to.equal("skip: verify did not fail");
    });

    it("stays when the alias was at that version before", async () => {
      const done = await deploy("--rollback", () => ({ GetPolicyCommand: () => ({ Policy: "{}" }) }), {
        aliases: { "latest-dev": "7", "backup-20260301T100000Z": "6" },
      });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Version to go back to")).to.equal("skip: the alias was not moved");
      expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
    });

    it("does nothing when the release itself fails", async () => {
      const done = await deploy("--rollback", () => ({}), { broken: ["7"] });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Version to go back to")).to.equal("skip: the alias was not moved");
    });
  });

  it("stays live without --rollback, though verify fails", async () => {
    const done = await deploy("", (moved) => ({ GetPolicyCommand: onceMoved(moved, {}, { Policy: "{}" }) }));
    expect(done.exitCode).to.equal(1);
    expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
  });

  describe("after one that was interrupted between the upload of the code and its publication", () => {
    const uploaded = { versions: { 5: "five", 6: "six" }, unpublished: "seven" };

    it("publishes what is shipped, and releases it", async () => {
      const done = await deploy(`--provenance ${provenance}`, undefined, uploaded);
      expect(lineOf(done, "Code published")).to.equal(
        "pass: version 7, which an interrupted deployment had not published",
      );
      expect(done.exitCode).to.equal(0);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
    });

    it("neither publishes nor releases other code, which somebody may have edited by hand", async () => {
      tell("eight");
      const done = await deploy(`--provenance ${provenance}`, undefined, uploaded);
      expect(lineOf(done, "Code published")).to.equal(
        "fail: expected the code of version 6, found CodeSha256 seven, of no published version and not what is deployed",
      );
      expect(done.exitCode).to.equal(1);
      expect(done.aws.callsOf("PublishVersionCommand")).to.deep.equal([]);
      expect(done.lambda.aliases()).to.deep.equal({ "latest-dev": "6" });
    });

    it("has nothing to publish else", async () => {
      const done = await deploy(`--provenance ${provenance}`);
      expect(lineOf(done, "Code published")).to.equal("pass: version 7");
      expect(done.aws.callsOf("PublishVersionCommand")).to.deep.equal([]);
    });
  });

  describe("with --provenance", () => {
    it("tells for good which commit it was built from", async () => {
      const done = await deploy(`--provenance ${provenance}`);
      expect(done.exitCode).to.equal(0);
      expect(lineOf(done, "Provenance")).to.equal(`pass: built from commit ${COMMIT} in run 42`);
      expect(originOf(done)).to.include({ kind: "workflow", commit: COMMIT, run: "42" });
    });

    it("also of a version that was live already, as that of the first deployment is", async () => {
      const done = await deploy(`--provenance ${provenance}`, () => ({}), { aliases: { "latest-dev": "7" } });
      expect(done.exitCode).to.equal(0);
      expect(lineOf(done, "Origin recorded")).to.equal(
        `pass: version 7, built from commit ${COMMIT} in run 42`,
      );
      expect(originOf(done)).to.include({ commit: COMMIT });
      expect(done.lambda.aliases()).to.deep.equal({ "latest-dev": "7" });
    });

    it("keeps the time since which a version has been live when the infrastructure alone is deployed", async () => {
      const before = `release of version 7 at 2026-02-01T00:00:00.000Z, before: version 6 [commit ${"a".repeat(40)}, run 7]: x`;
      const done = await deploy(`--provenance ${provenance}`, () => ({}), {
        aliases: { "latest-dev": "7" },
        descriptions: { "latest-dev": before },
      });
      const record = parseRecord(done.lambda.descriptionOf("latest-dev") ?? "");
      expect(record?.at.toISOString()).to.equal("2026-02-01T00:00:00.000Z");
      expect(record?.origin).to.include({ commit: COMMIT });
    });

    it("stops before anything is changed when there is none", async () => {
      const done = await deploy(`--provenance ${join(folder, "missing.json")}`);
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Provenance")).to.match(
        /cannot be read\. An earlier job of the workflow run makes it/,
      );
      expect(lineOf(done, "Plan")).to.match(/^skip: not run/);
    });

    it("releases no code that it does not speak of", async () => {
      tell("eight");
      const done = await deploy(`--provenance ${provenance}`);
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Newest version")).to.equal(
        "fail: expected the code that was to be shipped, CodeSha256 eight, found version 7 with CodeSha256 seven",
      );
      expect(done.lambda.aliases()).to.deep.equal({ "latest-dev": "6" });
    });
  });

  it("is told to be from a machine without one", async () => {
    expect(originOf(await deploy())).to.deep.equal({ kind: "machine" });
  });

  it("leaves a workflow's build its origin when a machine deploys it again", async () => {
    const before = `release of version 7 at 2026-02-01T00:00:00.000Z, before: version 6 [commit ${COMMIT}, run 7]: x`;
    const done = await deploy("", () => ({}), {
      aliases: { "latest-dev": "7" },
      descriptions: { "latest-dev": before },
    });
    expect(lineOf(done, "Origin recorded")).to.equal("skip: nothing new is known of it");
    expect(done.lambda.descriptionOf("latest-dev")).to.equal(before);
  });

  it("says in a rollback, too, where the version comes from", async () => {
    const told = (version: string, digit: string): string =>
      `release of version ${version} at 2026-02-01T00:00:00.000Z, before: version 5 [commit ${digit.repeat(40)}, run 7]: x`;
    const lambda = functionAnswers({
      versions: { 6: "six", 7: "seven" },
      aliases: { "latest-dev": "7", "backup-20260301T100000Z": "6" },
      descriptions: { "latest-dev": told("7", "b"), "backup-20260301T100000Z": told("6", "a") },
    });
    const done = await run("rollback dev --reason wrong --json", {
      answers: { ...healthyDev(), ...lambda.answers },
    });
    expect(done.exitCode).to.equal(0);
    expect(originOf({ lambda })).to.include({ commit: "a".repeat(40) });
    expect(originOf({ lambda }, "checkpoint-20260303T210000Z")).to.include({ commit: "b".repeat(40) });
  });

  it("rolls nothing back that somebody else has rolled back meanwhile", async () => {
    const lambda = functionAnswers({
      versions: { 5: "five", 6: "six", 7: "seven" },
      aliases: { "latest-dev": "6", "backup-20260301T100000Z": "5" },
    });
    const done = await run("deploy dev --json --rollback", {
      answers: {
        ...healthyDev(),
        ...lambda.answers,
        DescribeAlarmsCommand: () => {
          if (lambda.aliases()["latest-dev"] !== "7") return alarms([]);
          lambda.moveAlias(
            "latest-dev",
            "6",
            "rollback to version 6 at 2026-03-03T21:00:31.000Z, before: version 7 [by kim]: errors",
          );
          throw awsError("AccessDeniedException", "not authorized");
        },
      },
      clock: { now: () => HALF_PAST, wait: () => Promise.resolve() },
      startProgram: (_file, [command = ""], { output }) => {
        if (command === "show") output.write(PLAN);
        return Promise.resolve(0);
      },
    });
    expect(done.exitCode).to.equal(1);
    expect(lambda.aliases()).to.include({ "latest-dev": "6" });
    expect(done.stdout).to.include(
      "someone else has moved the alias from version 7 to version 6 (kim: rollback to version 6 at 2026-03-03T21:00:31.000Z)",
    );
  });

  it("cannot hide a failure of AWS behind verify", async () => {
    const done = await deploy("--rollback", (moved) => ({
      DescribeAlarmsCommand: () => {
        if (moved()) throw awsError("AccessDeniedException", "not authorized");
        return alarms([]);
      },
    }));
    expect(done.exitCode).to.equal(1);
    expect(done.lambda.aliases()).to.include({ "latest-dev": "6" });
  });
});
