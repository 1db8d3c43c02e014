import { expect } from "chai";
import { functionAnswers, type FunctionAnswers, type FunctionOptions } from "../function-answers.ts";
import { dev, devNames, identityIn } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { run, type Run } from "../run.ts";

const VERSIONS = { 5: "five", 6: "six", 7: "seven" };

/** Whose credentials these are, and what was wrong before. */
const surroundings: Answers = {
  ...identityIn(dev.accountId),
  GetQueueUrlCommand: () => ({ QueueUrl: "https://sqs.af-south-1.amazonaws.com/dlq" }),
  GetQueueAttributesCommand: () => ({ Attributes: { ApproximateNumberOfMessages: "2" } }),
  DescribeAlarmsCommand: () => ({
    MetricAlarms: [{ AlarmName: `${devNames.alarmNamePrefix}errors`, StateValue: "ALARM" }],
  }),
};

/** Runs a release on a function whose aliases are these. */
const release = async (
  options: Partial<FunctionOptions>,
  commandLine = "release dev --json",
  further: Answers = {},
): Promise<Run & { lambda: FunctionAnswers }> => {
  const lambda = functionAnswers({ versions: VERSIONS, aliases: { "latest-dev": "6" }, ...options });
  const answers = { ...surroundings, ...lambda.answers, ...further };
  return { ...(await run(commandLine, { answers })), lambda };
};

const CHANGES = ["CreateAliasCommand", "UpdateAliasCommand", "DeleteAliasCommand"];

const changesOf = ({ aws }: Run): string[] =>
  aws.calls.map(({ command }) => command).filter((command) => CHANGES.includes(command));

describe("ops release", () => {
  it("invokes the newest version by number, remembers the live one, then moves the alias", async () => {
    const done = await release({}, 'release dev --json --reason "faster start"');
    expect(done.exitCode).to.equal(0);
    expect(done.lambda.aliases()).to.deep.equal({ "latest-dev": "7", "backup-20260303T210000Z": "6" });
    expect(done.lambda.descriptionOf("latest-dev")).to.equal(
      "release of version 7 at 2026-03-03T21:00:00.000Z, before: version 6 [2 dead letters, by jo]: faster start",
    );
    expect(lineOf(done, "Trouble before the release")).to.equal(
      "pass: 2 dead letters, alarms on: bbws-ecs-event-handler-dev-errors",
    );
    expect(done.lambda.descriptionOf("backup-20260303T210000Z")).to.equal(
      "live until the release of version 7: faster start",
    );
    const order = done.aws.calls.map(({ command }) => command);
    expect(done.aws.callsOf("InvokeCommand")[0]).to.include({
      FunctionName: devNames.functionName,
      Qualifier: "7",
    });
    expect(order.indexOf("InvokeCommand")).to.be.lessThan(order.indexOf("CreateAliasCommand"));
    expect(order.indexOf("CreateAliasCommand")).to.be.lessThan(order.indexOf("UpdateAliasCommand"));
  });

  it("hands on what the aliases tell of a version, and keeps it readable when another is live", async () => {
    const told = (version: string, commit: string): string =>
      `release of version ${version} at 2026-03-01T00:00:00.000Z, before: version 5 [commit ${commit.repeat(40)}, run 41]: x`;
    const done = await release({
      aliases: { "latest-dev": "6", "backup-20260301T100000Z": "7" },
      descriptions: { "latest-dev": told("6", "a"), "backup-20260301T100000Z": told("7", "b") },
    });
    expect(done.lambda.descriptionOf("latest-dev")).to.include(`[commit ${"b".repeat(40)}, run 41, 2 dead`);
    expect(done.lambda.descriptionOf("backup-20260303T210000Z")).to.equal(told("6", "a"));
  });

  it("gives the new version all of the traffic", async () => {
    const { aws } = await release({});
    expect(aws.callsOf("UpdateAliasCommand")[0]).to.deep.include({
      RoutingConfig: { AdditionalVersionWeights: {} },
    });
  });

  it("leaves a line for the record: who released what, when and why", async () => {
    const { stderr } = await release({}, 'release dev --reason "faster start"');
    const [ofHandler = ""] = stderr.split("\n");
    expect(JSON.parse(ofHandler)).to.deep.equal({
      timestamp: "2026-03-03T21:00:00.000Z",
      level: "INFO",
      environment: "dev",
      command: "release",
      message: "Alias latest-dev moved",
      action: "release",
      from: "6",
      to: "7",
      codeSha256: "seven",
      reason: "faster start",
      by: "arn:aws:sts::536580886816:assumed-role/operator/jo",
    });
  });

  it("takes the greatest number for the newest, not the one that sorts last", async () => {
    const { lambda } = await release({
      versions: { 9: "nine", 10: "ten" },
      aliases: { "latest-dev": "9" },
    });
    expect(lambda.aliases()).to.include({ "latest-dev": "10" });
  });

  it("does nothing when the newest version is live already", async () => {
    const done = await release({ aliases: { "latest-dev": "7" } });
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Newest version")).to.equal("pass: version 7, live already");
    expect(lineOf(done, "Alias moved")).to.equal("skip: nothing to release");
    expect(changesOf(done)).to.deep.equal([]);
    expect(done.aws.callsOf("InvokeCommand")).to.deep.equal([]);
  });

  it("says what it would do and changes nothing in a dry run", async () => {
    const done = await release({}, "release dev --dry-run --json");
    expect(done.exitCode).to.equal(0);
    expect(reportOf(done).dryRun).to.equal(true);
    expect(lineOf(done, "Live version remembered")).to.equal(
      "skip: would create the alias backup-<UTC time> for version 6",
    );
    expect(lineOf(done, "Alias moved")).to.equal("skip: would move latest-dev from version 6 to 7");
    expect(lineOf(done, "Old backups")).to.equal("skip: would remove none");
    expect(changesOf(done)).to.deep.equal([]);
    expect(done.stderr).to.equal("");
  });

  it("leaves everything as it is when the new version does not answer", async () => {
    const done = await release({ broken: ["7"] });
    expect(done.exitCode).to.equal(1);
    expect(lineOf(done, "Smoke invocation by number")).to.equal(
      "fail: expected success or ignored, found version 7: threw Runtime.ImportModuleError: Cannot find module 'index'",
    );
    expect(lineOf(done, "Alias moved")).to.equal("skip: not run, because of: Smoke invocation by number");
    expect(changesOf(done)).to.deep.equal([]);
  });

  it("leaves everything as it is when the new version is not active", async () => {
    const done = await release({}, "release dev --json", {
      GetFunctionConfigurationCommand: () => ({ Version: "7", State: "Pending", StateReason: "is created" }),
    });
    expect(done.exitCode).to.equal(1);
    expect(lineOf(done, "Newest version")).to.match(/found version 7 in state Pending \(is created\)$/);
    expect(changesOf(done)).to.deep.equal([]);
  });

  it("leaves everything as it is in another account", async () => {
    const done = await release({}, "release dev --json", identityIn("093646564004"));
    expect(done.exitCode).to.equal(1);
    expect(lineOf(done, "Live version")).to.equal("skip: not run, because of: AWS account");
    expect(done.aws.calls.map(({ command }) => command)).to.deep.equal(["GetCallerIdentityCommand"]);
  });

  it("fails when there is no alias, and says what makes it", async () => {
    const done = await release({ aliases: {} });
    expect(done.exitCode).to.equal(1);
    expect(lineOf(done, "Live version")).to.include("A deployment creates both: npm run ops -- deploy dev");
    expect(changesOf(done)).to.deep.equal([]);
  });

  it("fails when nothing is published", async () => {
    const done = await release({ versions: {} });
    expect(lineOf(done, "Newest version")).to.equal(
      "fail: bbws-ecs-event-handler-dev has no published version. Deploy it first: npm run ops -- deploy dev",
    );
  });

  const RIVALS = {
    "another operator's rollback": {
      description: "rollback to version 5 at 2026-03-03T20:59:58.000Z, before: version 6 [by kim]: errors",
      who: /^fail: someone else is at work \(kim: rollback to version 5 at 2026-03-03T20:59:58.000Z\); nothing was changed\. .* npm run ops -- status dev$/,
    },
    "what a hand has done": {
      description: undefined,
      who: /^fail: someone else is at work \(latest-dev was changed by hand; who did it stands in CloudTrail under UpdateAlias\)/,
    },
  };

  for (const [what, { description, who }] of Object.entries(RIVALS))
    it(`does not overwrite ${what} meanwhile, and says whose it is`, async () => {
      const lambda = functionAnswers({
        versions: VERSIONS,
        aliases: { "latest-dev": "6" },
        onInvoke: () => {
          lambda.moveAlias("latest-dev", "5", description);
        },
      });
      const done = await run("release dev --json", {
        answers: { ...surroundings, ...lambda.answers },
      });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Alias moved")).to.match(who);
      // Not even a backup is left of what did not happen.
      expect(lambda.aliases()).to.deep.equal({ "latest-dev": "5" });
    });

  it("says that someone else is at work when another has begun in the same second", async () => {
    const done = await release({ aliases: { "latest-dev": "6", "backup-20260303T210000Z": "6" } });
    expect(lineOf(done, "Live version remembered")).to.match(
      /^fail: someone else is at work \(the alias backup-20260303T210000Z was there already\); nothing was changed/,
    );
    expect(done.lambda.aliases()).to.deep.equal({ "latest-dev": "6", "backup-20260303T210000Z": "6" });
  });

  it("takes back shares that somebody has set by hand, though the newest version is live", async () => {
    const done = await release({ aliases: { "latest-dev": "7" }, weights: { "latest-dev": { 6: 0.25 } } });
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Live version")).to.equal(
      "pass: latest-dev is at 75 % to version 7, 25 % to version 6; set by hand",
    );
    expect(lineOf(done, "Alias moved")).to.equal(
      "pass: latest-dev is at version 7, was 75 % to version 7, 25 % to version 6",
    );
    expect(done.aws.callsOf("UpdateAliasCommand")[0]).to.deep.include({
      FunctionVersion: "7",
      RoutingConfig: { AdditionalVersionWeights: {} },
    });
  });

  it("takes an alias off $LATEST, and remembers nothing that one could not return to", async () => {
    const done = await release({ aliases: { "latest-dev": "$LATEST" } });
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Live version remembered")).to.equal("skip: $LATEST is no version to return to");
    expect(done.lambda.aliases()).to.deep.equal({ "latest-dev": "7" });
  });

  it("fails when it may not move the alias, and the alias stays", async () => {
    const done = await release({}, "release dev --json", {
      UpdateAliasCommand: () => {
        throw awsError("AccessDeniedException", "not authorized to perform: lambda:UpdateAlias");
      },
    });
    expect(done.exitCode).to.equal(1);
    expect(lineOf(done, "Alias moved")).to.equal(
      "fail: access denied: not authorized to perform: lambda:UpdateAlias",
    );
    expect(lineOf(done, "Old backups")).to.equal("skip: not run, because of: Alias moved");
    expect(done.lambda.aliases()).to.deep.equal({ "latest-dev": "6" });
  });

  describe("with many backups", () => {
    const backups = (count: number, version: (index: number) => string) =>
      Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `backup-202602${String(index + 1).padStart(2, "0")}T120000Z`,
          version(index),
        ]),
      );

    it("removes all but the last ten", async () => {
      const { lambda } = await release({ aliases: { "latest-dev": "6", ...backups(12, () => "5") } });
      expect(Object.keys(lambda.aliases())).to.have.length(1 + 10);
      expect(lambda.aliases()).to.include.keys("backup-20260303T210000Z", "backup-20260204T120000Z");
      expect(lambda.aliases()).not.to.include.keys("backup-20260203T120000Z");
    });

    it("keeps an old one whose version is in use", async () => {
      const { lambda } = await release({
        aliases: { "latest-dev": "6", ...backups(12, (index) => (index === 0 ? "7" : "5")) },
      });
      expect(lambda.aliases()).to.include.keys("backup-20260201T120000Z");
      expect(lambda.aliases()).not.to.include.keys("backup-20260202T120000Z");
    });

    it("does not touch aliases of other names", async () => {
      const { lambda } = await release({
        aliases: { "latest-dev": "6", "backup-of-mine": "5", ...backups(10, () => "5") },
      });
      expect(lambda.aliases()).to.include.keys("backup-of-mine");
    });
  });

  describe("of a version that was rolled back", () => {
    const aliases = { "latest-dev": "6", "checkpoint-20260301T120000Z": "7" };

    it("is refused", async () => {
      const done = await release({ aliases });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Newest version")).to.match(/found version 7, rolled back .* release it --again$/);
      expect(changesOf(done)).to.deep.equal([]);
    });

    it("is refused with the reason that the rollback gave", async () => {
      const done = await release({
        aliases,
        descriptions: {
          "latest-dev":
            "rollback to version 6 at 2026-03-01T12:00:00.000Z, before: version 7: too many errors",
        },
      });
      expect(lineOf(done, "Newest version")).to.include(
        "version 7, rolled back (2026-03-01T12:00:00.000Z: too many errors); deploy a better one",
      );
    });

    it("is done when asked for", async () => {
      const { lambda } = await release({ aliases }, "release dev --again --json");
      expect(lambda.aliases()).to.include({ "latest-dev": "7" });
    });

    it("is done when it was released once more since", async () => {
      const { lambda } = await release({ aliases: { ...aliases, "backup-20260302T120000Z": "7" } });
      expect(lambda.aliases()).to.include({ "latest-dev": "7" });
    });
  });
});
