import { expect } from "chai";
import { functionAnswers } from "../function-answers.ts";
import { devNames, healthyDev } from "../healthy-dev.ts";
import { awsError } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { NOW, run } from "../run.ts";

const transition = (tenantId: string, second: number): object => ({
  message: JSON.stringify({
    timestamp: `2026-03-03T20:59:${String(second).padStart(2, "0")}.000Z`,
    level: "INFO",
    message: "Tenant status PROVISIONING -> ACTIVE",
    tenantId,
    previousStatus: "PROVISIONING",
    tenantStatus: "ACTIVE",
    event: "DEPLOYMENT_COMPLETED",
    StatusChanges: 1,
  }),
});

const answers = () => ({
  ...healthyDev(),
  ...functionAnswers({
    versions: { 5: "five", 6: "six", 7: "seven" },
    aliases: { "latest-dev": "7", "backup-20260302T100000Z": "5", "checkpoint-20260301T100000Z": "6" },
  }).answers,
  GetQueueAttributesCommand: () => ({
    Attributes: { ApproximateNumberOfMessages: "2", ApproximateNumberOfMessagesNotVisible: "1" },
  }),
  // More than are shown, on two pages, among other lines.
  FilterLogEventsCommand: ({ nextToken }: { nextToken?: string }) =>
    nextToken === undefined
      ? { events: Array.from({ length: 8 }, (_, index) => transition(`a${index}`, index)), nextToken: "more" }
      : {
          events: [
            { message: "START RequestId: 1" },
            { message: "null" },
            { message: '{"message":"Tenant status stays ACTIVE"}' },
            ...Array.from({ length: 4 }, (_, index) => transition(`b${index}`, 10 + index)),
          ],
        },
});

describe("ops status", () => {
  it("shows what is live, what there is to go back to, and how it does", async () => {
    const { exitCode, stdout } = await run("status dev", { answers: answers() });
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/Live: version 7/);
    expect(stdout).to.match(/Versions: 3 published, the newest is 7/);
    expect(stdout).to.match(/Alarms: 12, in state ALARM: none/);
    expect(stdout).to.match(/Dead-letter queue: 3 messages/);
    expect(stdout).to.match(/^7 +2026-03-07\S+ +seven +LIVE$/m);
    expect(stdout).to.match(/^6 +2026-03-06\S+ +six +checkpoint-20260301T100000Z$/m);
    expect(stdout).to.match(/^5 +2026-03-05\S+ +five +backup-20260302T100000Z$/m);
    expect(stdout).to.match(/^bbws-ecs-event-handler-dev-throttles +OK$/m);
    expect(stdout).to.match(/^2026-03-03T20:59:13.000Z +b3 +PROVISIONING -> ACTIVE$/m);
  });

  it("shows what somebody has set by hand, and what puts it right", async () => {
    const weighted = functionAnswers({
      versions: { 5: "five", 6: "six", 7: "seven" },
      aliases: { "latest-dev": "6" },
      weights: { "latest-dev": { 7: 0.1 } },
      descriptions: {
        "latest-dev": "release of version 6 at 2026-03-01T00:00:00.000Z, before: version 5: x",
      },
    });
    const { exitCode, stdout } = await run("status dev", { answers: { ...answers(), ...weighted.answers } });
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(
      /Live: 90 % to version 6, 10 % to version 7; set by hand, after the release of version 6 at .* npm run ops -- rollback dev/,
    );
    expect(stdout).to.match(/^7 .* 10 % of the traffic$/m);
    expect(stdout).to.match(/^6 .* LIVE$/m);
  });

  it("shows the last ten status changes of the last hour", async () => {
    const done = await run("status dev --json", { answers: answers() });
    const { transitions } = reportOf(done).result as { transitions: { tenantId: string }[] };
    expect(transitions.map(({ tenantId }) => tenantId)).to.deep.equal([
      "a2",
      "a3",
      "a4",
      "a5",
      "a6",
      "a7",
      "b0",
      "b1",
      "b2",
      "b3",
    ]);
    expect(done.aws.callsOf("FilterLogEventsCommand").at(-1)).to.include({
      startTime: NOW.getTime() - 60 * 60 * 1000,
      filterPattern: "{ $.StatusChanges = 1 }",
    });
  });

  describe("tells of the reconciler", () => {
    const runLine = (message: string, run: object, minute: number): object => ({
      timestamp: Date.parse(`2026-03-03T20:${minute}:00Z`),
      message: JSON.stringify({ level: "INFO", message, run }),
    });
    const statusWith = (lines: readonly object[]): ReturnType<typeof run> =>
      run("status dev --json", {
        answers: {
          ...answers(),
          FilterLogEventsCommand: ({ logGroupName }: { logGroupName: string }) => ({
            events: logGroupName === devNames.reconciler.logGroupName ? lines : [],
          }),
          ScanCommand: () => ({ Items: [{ tenant_id: { S: "zulu" } }, { tenant_id: { S: "acme" } }] }),
        },
      });

    it("the last run, its age and what it counted", async () => {
      const done = await statusWith([
        runLine("Reconciled", { status: "reconciled", drifted: 9 }, 33),
        { message: "not JSON", timestamp: Date.parse("2026-03-03T20:58:00Z") },
        runLine("Reconciled", { status: "reconciled", tenants: 40, drifted: 2, repaired: 2, failed: 0 }, 48),
        runLine("Reconciled acme", {}, 59),
      ]);
      expect(lineOf(done, "Last run of the reconciler")).to.equal(
        "pass: 12 min ago: Reconciled, 40 tenants, 2 drifted, 2 repaired",
      );
      expect(lineOf(done, "Reconciler")).to.equal("pass: version 7");
    });

    it("what blew the fuse", async () => {
      const done = await statusWith([runLine("Fuse blown: ECS shows no service at all", {}, 48)]);
      expect(lineOf(done, "Last run of the reconciler")).to.equal(
        "pass: 12 min ago: Fuse blown: ECS shows no service at all",
      );
    });

    it("that there was no run, and no log group", async () => {
      expect(lineOf(await statusWith([]), "Last run of the reconciler")).to.equal("pass: none lately");
      const none = await run("status dev --json", {
        answers: {
          ...answers(),
          FilterLogEventsCommand: () => {
            throw awsError("ResourceNotFoundException");
          },
        },
      });
      expect(lineOf(none, "Last run of the reconciler")).to.equal("pass: none lately");
    });

    it("which tenants are FAILED, by the rows", async () => {
      const done = await statusWith([]);
      expect(lineOf(done, "Tenants that are FAILED")).to.equal("pass: 2: acme, zulu");
      expect(done.aws.callsOf("ScanCommand")[0]).to.deep.include({
        TableName: "bbws-tenants-dev",
        ExpressionAttributeValues: { ":failed": { S: "FAILED" } },
      });
    });
  });

  it("judges nothing: an alarm that is on is shown, and that is fine", async () => {
    const done = await run("status dev --json", {
      answers: {
        ...answers(),
        DescribeAlarmsCommand: () => ({ MetricAlarms: [{ AlarmName: "on", StateValue: "ALARM" }] }),
      },
    });
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Alarms")).to.equal("pass: 1, in state ALARM: on");
  });

  it("shows the rest when one part cannot be read, and fails", async () => {
    const done = await run("status dev", {
      answers: {
        ...answers(),
        ListVersionsByFunctionCommand: () => {
          throw awsError("AccessDeniedException", "not authorized");
        },
        GetQueueUrlCommand: () => {
          throw awsError("QueueDoesNotExist");
        },
      },
    });
    expect(done.exitCode).to.equal(1);
    expect(done.stdout).to.match(/^FAIL +Versions: access denied: not authorized$/m);
    expect(done.stdout).to.match(/^FAIL +Dead-letter queue: there is no queue bbws-ecs-events-dlq-dev/m);
    expect(done.stdout).to.match(/Live: version 7/);
    expect(done.stdout).to.match(/^2026-03-03T20:59:13.000Z +b3/m);
  });

  it("shows no tables when there is nothing for them", async () => {
    const { stdout } = await run("status dev", {
      answers: {
        ...healthyDev(),
        ListVersionsByFunctionCommand: () => {
          throw awsError("AccessDeniedException", "not authorized");
        },
        DescribeAlarmsCommand: () => ({}),
      },
    });
    expect(stdout).not.to.include("\n\n");
  });
});
