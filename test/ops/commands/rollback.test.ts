import { expect } from "chai";
import { deadLetterQueuePolicy } from "../../../stacks/dead-letter-queue-policy.ts";
import { functionAnswers, type FunctionAnswers, type FunctionOptions } from "../function-answers.ts";
import { dev, devNames, healthyDev, identityIn, metricAnswers } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { run, type Run } from "../run.ts";

const VERSIONS = { 4: "four", 5: "five", 6: "six", 7: "seven" };

/** Version 7 is live; 5 was before it; 6 was published and never released; 4 was before 5. */
const ALIASES = {
  "latest-dev": "7",
  "backup-20260302T100000Z": "5",
  "backup-20260301T100000Z": "4",
};

const rollback = async (
  options: Partial<FunctionOptions> = {},
  words = '--reason "too many errors" --json',
  further: Answers = {},
): Promise<Run & { lambda: FunctionAnswers }> => {
  const lambda = functionAnswers({ versions: VERSIONS, aliases: ALIASES, ...options });
  const answers = { ...healthyDev(), ...lambda.answers, ...further };
  return { ...(await run(`rollback dev ${words}`, { answers })), lambda };
};

describe("ops rollback", () => {
  it("goes back to the version that was released last, which need not be the number before", async () => {
    const done = await rollback();
    expect(done.exitCode).to.equal(0);
    expect(done.lambda.aliases()).to.deep.equal({
      ...ALIASES,
      "latest-dev": "5",
      "checkpoint-20260303T210000Z": "7",
    });
    expect(done.lambda.descriptionOf("latest-dev")).to.equal(
      "rollback to version 5 at 2026-03-03T21:00:00.000Z, before: version 7 [by jo]: too many errors",
    );
    expect(done.lambda.descriptionOf("checkpoint-20260303T210000Z")).to.equal(
      "live until the rollback to version 5: too many errors",
    );
  });

  describe("while a deployment is at work", () => {
    const LOCK = {
      Operation: "OperationTypeApply",
      Who: "kim@laptop",
      Created: "2026-03-03T20:57:00Z",
    };
    const answers = (lock: () => unknown): Answers => ({ GetObjectCommand: lock });
    const locked = answers(() => ({
      Body: { transformToString: () => Promise.resolve(JSON.stringify(LOCK)) },
    }));

    it("rolls back all the same, but says who is at work and since when, and does not say ok", async () => {
      const done = await rollback({}, undefined, locked);
      expect(done.exitCode).to.equal(3);
      expect(lineOf(done, "State lock")).to.equal(
        "inconclusive: expected nobody holds it, found someone else is at work: kim@laptop, OperationTypeApply, since " +
          "2026-03-03T20:57:00.000Z (3 min). A deployment moves the alias again at its end: look afterwards: " +
          "npm run ops -- status dev",
      );
      expect(done.lambda.aliases()).to.include({ "latest-dev": "5" });
    });

    it("does not depend on a lock that cannot be read", async () => {
      for (const [error, said] of [
        ["AccessDenied", "skip: not known: these credentials may not read it"],
        ["SlowDown", "skip: not known: AWS throttles S3.GetObject: SlowDown"],
      ] as const) {
        const done = await rollback(
          {},
          undefined,
          answers(() => {
            throw awsError(error);
          }),
        );
        expect(done.exitCode).to.equal(0);
        expect(lineOf(done, "State lock")).to.equal(said);
        expect(done.lambda.aliases()).to.include({ "latest-dev": "5" });
      }
    });
  });

  it("invokes the version by number before the alias moves, and the alias after", async () => {
    const { aws } = await rollback();
    const invoked = aws
      .callsOf("InvokeCommand")
      .filter(({ FunctionName }) => FunctionName === devNames.functionName);
    expect(invoked.map(({ Qualifier }) => Qualifier)).to.deep.equal(["5", "latest-dev"]);
    const order = aws.calls.map(({ command }) => command);
    expect(order.indexOf("InvokeCommand")).to.be.lessThan(order.indexOf("CreateAliasCommand"));
    expect(order.indexOf("CreateAliasCommand")).to.be.lessThan(order.indexOf("UpdateAliasCommand"));
  });

  it("depends on whether the live version gets events and answers them, and on nothing else", async () => {
    const { checks } = reportOf(await rollback());
    const titles = checks.filter(({ stage }) => stage === "verify").map(({ title }) => title);
    const rules = ["service-action", "deployment-state-change"].flatMap((rule) =>
      ["state", "pattern", "target", "permission"].map(
        (what) => `bbws-ecs-event-handler-dev-${rule} ${what}`,
      ),
    );
    expect(titles, "a check gates rollbacks only on purpose: see CONTRIBUTING, Add a check").to.deep.equal([
      "Function",
      "Alias latest-dev",
      "On-failure destination",
      "Event rules",
      ...rules,
      "Test invocation",
      "Log lines with ERROR since then",
    ]);
  });

  it("leaves a line for the record", async () => {
    const { stderr } = await rollback();
    const [ofHandler = ""] = stderr.split("\n");
    expect(JSON.parse(ofHandler)).to.include({
      action: "rollback",
      from: "7",
      to: "5",
      reason: "too many errors",
    });
  });

  it("goes further back when it is repeated, past what it has rolled back", async () => {
    const done = await rollback({
      aliases: {
        ...ALIASES,
        "latest-dev": "5",
        "checkpoint-20260303T100000Z": "7",
        "backup-20260303T090000Z": "7",
      },
    });
    expect(done.lambda.aliases()).to.include({ "latest-dev": "4" });
  });

  describe("directly after a rollback", () => {
    const rolledBackBy = (by: string, at: string): Partial<FunctionOptions> => ({
      aliases: {
        ...ALIASES,
        "latest-dev": "5",
        "checkpoint-20260303T205500Z": "7",
        "backup-20260303T090000Z": "7",
      },
      descriptions: {
        "latest-dev": `rollback to version 5 at ${at}, before: version 7 [by ${by}]: too many errors`,
      },
    });

    it("goes no further back: two operators have seen the same trouble", async () => {
      const done = await rollback(rolledBackBy("kim", "2026-03-03T20:55:00.000Z"));
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Version to go back to")).to.equal(
        "fail: someone else is at work (kim: rollback to version 5 at 2026-03-03T20:55:00.000Z); nothing was changed. " +
          'See whether that helps. To go further back, name the version: npm run ops -- rollback dev --to N --reason "..."',
      );
      expect(done.lambda.aliases()).to.include({ "latest-dev": "5" });
    });

    it("goes to the version that is named", async () => {
      const done = await rollback(
        rolledBackBy("kim", "2026-03-03T20:55:00.000Z"),
        '--to 4 --reason "5 is wrong, too" --json',
      );
      expect(done.lambda.aliases()).to.include({ "latest-dev": "4" });
    });

    it("goes no further back for who has made it: its command may have been killed, and was started again", async () => {
      const done = await rollback(rolledBackBy("jo", "2026-03-03T20:59:00.000Z"));
      expect(lineOf(done, "Version to go back to")).to.match(
        /^fail: it was rolled back a moment ago \(jo: rollback to version 5 at 2026-03-03T20:59:00.000Z\); nothing was changed/,
      );
      expect(done.lambda.aliases()).to.include({ "latest-dev": "5" });
    });

    it("goes further back ten minutes later", async () => {
      const done = await rollback(rolledBackBy("kim", "2026-03-03T20:50:00.000Z"));
      expect(done.exitCode, done.stdout).to.equal(0);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "4" });
    });
  });

  it("passes over an earlier release of the same code", async () => {
    const done = await rollback({ versions: { ...VERSIONS, 5: "seven" } });
    expect(done.lambda.aliases()).to.include({ "latest-dev": "4" });
  });

  it("passes over a backup of the live version", async () => {
    const done = await rollback({ aliases: { ...ALIASES, "backup-20260303T100000Z": "7" } });
    expect(done.lambda.aliases()).to.include({ "latest-dev": "5" });
  });

  it("goes to the version that it is told", async () => {
    const done = await rollback({}, '--to 6 --reason "compare" --json');
    expect(done.exitCode).to.equal(0);
    expect(done.lambda.aliases()).to.include({ "latest-dev": "6" });
  });

  describe("of what somebody has set by hand", () => {
    const record = (version: string): string =>
      `release of version ${version} at 2026-03-02T10:00:00.000Z, before: version 5: faster`;

    it("leaves the newest version that has a share, for the one that was released", async () => {
      const done = await rollback({
        aliases: { ...ALIASES, "latest-dev": "6" },
        weights: { "latest-dev": { 7: 0.1 } },
      });
      expect(done.exitCode).to.equal(0);
      expect(lineOf(done, "Live version")).to.equal(
        "pass: latest-dev is at 90 % to version 6, 10 % to version 7; set by hand",
      );
      expect(done.lambda.aliases()).to.include({ "latest-dev": "6", "checkpoint-20260303T210000Z": "7" });
      expect(lineOf(done, "Alias latest-dev")).to.match(/^pass: .* found version 6$/);
    });

    it("does not stay at the newest version because an older one has a share", async () => {
      const done = await rollback({ weights: { "latest-dev": { 5: 0.5 } } });
      expect(done.lambda.aliases()).to.include({ "latest-dev": "5" });
      expect(lineOf(done, "Alias latest-dev")).to.match(/^pass: .* found version 5$/);
    });

    it("gives all to the live version when that is named", async () => {
      const done = await rollback({ weights: { "latest-dev": { 6: 0.5 } } }, '--to 7 --reason "x" --json');
      expect(done.exitCode).to.equal(0);
      expect(lineOf(done, "Alias latest-dev")).to.match(/^pass: .* found version 7$/);
    });

    it("goes from $LATEST to the version that was released last", async () => {
      const done = await rollback({
        aliases: { ...ALIASES, "latest-dev": "$LATEST" },
        descriptions: { "latest-dev": record("7") },
      });
      expect(done.exitCode).to.equal(0);
      expect(done.lambda.aliases()).to.deep.equal({ ...ALIASES, "latest-dev": "7" });
    });

    it("goes from $LATEST to what the history tells where the alias has no record", async () => {
      const done = await rollback({
        aliases: { ...ALIASES, "latest-dev": "$LATEST", "backup-20260303T100000Z": "$LATEST" },
      });
      expect(done.lambda.aliases()).to.include({ "latest-dev": "5" });
    });

    it("goes from a version that was never released to the one that was released last", async () => {
      const done = await rollback({
        aliases: { ...ALIASES, "latest-dev": "7" },
        descriptions: { "latest-dev": record("6") },
      });
      expect(lineOf(done, "Live version")).to.equal(
        "pass: latest-dev is at version 7; set by hand, after the release of version 6 at 2026-03-02T10:00:00.000Z",
      );
      expect(done.lambda.aliases()).to.include({ "latest-dev": "6" });
    });
  });

  it("leaves no checkpoint of a rollback that did not happen: the live version would count as rolled back", async () => {
    const done = await rollback({}, undefined, {
      UpdateAliasCommand: () => {
        throw awsError("AccessDeniedException", "not authorized");
      },
    });
    expect(done.exitCode).to.equal(1);
    expect(done.lambda.aliases()).to.deep.equal(ALIASES);
  });

  for (const [when, command] of [
    ["once the live version is remembered", "CreateAliasCommand"],
    ["while it looks what to write down of the move", "ListAliasesCommand"],
  ] as const)
    it(`leaves no checkpoint when it is interrupted ${when}`, async () => {
      const interruption = new AbortController();
      const lambda = functionAnswers({ versions: VERSIONS, aliases: ALIASES });
      const done = await run('rollback dev --reason "x" --json', {
        answers: {
          ...healthyDev(),
          ...lambda.answers,
          [command]: (input: never) => {
            const found = lambda.answers[command]?.(input);
            if (!Object.keys(lambda.aliases()).some((name) => name.startsWith("checkpoint-"))) return found;
            interruption.abort();
            if (command === "ListAliasesCommand") throw interruption.signal.reason;
            return found;
          },
        },
        signal: interruption.signal,
      });
      expect(done.exitCode).to.equal(3);
      expect(lineOf(done, "Alias moved")).to.equal("skip: interrupted");
      expect(lambda.aliases()).to.deep.equal(ALIASES);
      expect(reportOf(done)).not.to.have.property("result");
    });

  it("keeps the checkpoint when the answer to the move was lost, and the move was not", async () => {
    const lambda = functionAnswers({ versions: VERSIONS, aliases: ALIASES });
    const done = await run('rollback dev --reason "x" --json', {
      answers: {
        ...healthyDev(),
        ...lambda.answers,
        UpdateAliasCommand: (input: never) => {
          lambda.answers["UpdateAliasCommand"]?.(input);
          throw awsError("ServiceException", "internal");
        },
      },
    });
    expect(done.exitCode).to.equal(1);
    expect(lambda.aliases()).to.include({ "latest-dev": "5", "checkpoint-20260303T210000Z": "7" });
  });

  it("says what it does not roll back", async () => {
    const { stdout } = await rollback({}, '--reason "too many errors"');
    expect(stdout).to.match(
      /Not rolled back:\n {2}the infrastructure: .*\n {2}the rows of the tenants' table: /,
    );
    expect(reportOf(await rollback()).result)
      .to.have.property("notRolledBack")
      .that.has.length(3);
  });

  it("does not hold the errors that were the reason against the rollback", async () => {
    const done = await rollback({}, undefined, metricAnswers({ Errors: 50, Throttles: 3 }));
    expect(done.exitCode).to.equal(0);
  });

  it("fails when what is live then does not work", async () => {
    const done = await rollback({}, undefined, { GetPolicyCommand: () => ({ Policy: "{}" }) });
    expect(done.exitCode).to.equal(1);
    expect(done.lambda.aliases()).to.include({ "latest-dev": "5" });
  });

  it("says what it would do and changes nothing in a dry run", async () => {
    const done = await rollback({}, '--reason "too many errors" --dry-run --json');
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Alias moved")).to.equal("skip: would move latest-dev from version 7 to 5");
    expect(done.lambda.aliases()).to.deep.equal(ALIASES);
    expect(done.stderr).to.equal("");
  });

  it("removes checkpoints beyond the last ten", async () => {
    const checkpoints = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`checkpoint-2026020${index}T100000Z`, "6"]),
    );
    const { lambda } = await rollback({ aliases: { ...ALIASES, ...checkpoints } });
    expect(lambda.aliases()).not.to.include.keys("checkpoint-20260200T100000Z");
    expect(lambda.aliases()).to.include.keys("checkpoint-20260201T100000Z", "checkpoint-20260303T210000Z");
  });

  interface Refusal {
    readonly when: string;
    readonly options?: Partial<FunctionOptions>;
    readonly words?: string;
    readonly further?: Answers;
    readonly check: string;
    readonly line: RegExp;
  }

  const refusals: readonly Refusal[] = [
    {
      when: "no backup tells of an earlier release",
      options: { aliases: { "latest-dev": "7" } },
      check: "Version to go back to",
      line: /^fail: no backup alias names an earlier release .* Name a version by --to/,
    },
    {
      when: "the version has the same code",
      options: { versions: { ...VERSIONS, 6: "seven" } },
      words: '--to 6 --reason "compare" --json',
      check: "Version to go back to",
      line: /^fail: version 6 has the same code as the live version 7 \(CodeSha256 seven\)/,
    },
    {
      when: "the version is live",
      words: '--to 7 --reason "compare" --json',
      check: "Version to go back to",
      line: /^fail: version 7 is live already\. Name another version: npm run ops -- status dev$/,
    },
    {
      when: "there is no such version",
      words: '--to 99 --reason "compare" --json',
      check: "Version to go back to",
      line: /^fail: bbws-ecs-event-handler-dev has no version 99\. List the versions: npm run ops -- status dev$/,
    },
    {
      when: "the version does not answer",
      options: { broken: ["5"] },
      check: "Smoke invocation by number",
      line: /^fail: .* found version 5: threw/,
    },
    {
      when: "the account is another",
      further: identityIn("1"),
      check: "AWS account",
      line: /^fail/,
    },
    {
      when: "the checkpoint cannot be made",
      further: {
        CreateAliasCommand: () => {
          throw awsError("ResourceConflictException", "Alias already exists");
        },
      },
      check: "Live version remembered",
      line: /^fail: someone else is at work \(the alias checkpoint-20260303T210000Z was there already\)/,
    },
  ];

  for (const { when, options, words, further, check, line } of refusals) {
    it(`leaves everything as it is when ${when}`, async () => {
      const done = await rollback(options, words, further);
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, check)).to.match(line);
      expect(done.aws.callsOf("UpdateAliasCommand")).to.deep.equal([]);
      expect(lineOf(done, "Alias moved")).to.match(/^skip: not run/);
      // What it does not roll back is no news of one that rolled back nothing.
      expect(reportOf(done)).not.to.have.property("result");
      expect(lineOf(done, "Function")).to.match(/^skip: not run/);
    });
  }

  for (const words of [
    "",
    '--reason " "',
    "--reason x --to seven",
    "--reason x --to 0",
    "--reason x --to $LATEST",
  ]) {
    it(`takes "rollback dev ${words}" for a mistake`, async () => {
      const done = await run(`rollback dev ${words}`);
      expect(done.exitCode).to.equal(2);
      expect(done.stderr.trimEnd().split("\n")).to.have.length(1);
    });
  }

  describe("after a takeover", () => {
    const OLD_ROLE = "arn:aws:iam::536580886816:role/bbws-ecs-event-handler-dev-HandlerRole-1A2B3C";
    const WORDS = '--reason "too many errors" --json';
    /** @param roleArns the old roles that may still send to the queue. */
    const queueFor = (...roleArns: readonly string[]): Answers => ({
      GetQueueAttributesCommand: () => ({
        Attributes: {
          Policy: JSON.stringify(deadLetterQueuePolicy(dev, { ruleArns: [], roleArns })),
        },
      }),
    });
    const moved = ({ aws }: Run): readonly unknown[] =>
      ["UpdateAliasCommand", "CreateAliasCommand", "InvokeCommand"].flatMap((command) =>
        aws.callsOf(command),
      );

    it("returns to a version of before it as long as that is not finished", async () => {
      const done = await rollback({ roles: { 5: OLD_ROLE } }, WORDS, queueFor(OLD_ROLE));
      expect(done.exitCode, done.stdout).to.equal(0);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "5" });
    });

    it("passes over the versions of before it once that is finished", async () => {
      const done = await rollback({ roles: { 5: OLD_ROLE, 4: devNames.roleArn } }, WORDS, queueFor());
      expect(done.exitCode, done.stdout).to.equal(0);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "4" });
    });

    for (const [title, words] of [
      ["that is named", `--to 5 ${WORDS}`],
      ["that is all there is", WORDS],
    ] as const)
      it(`refuses a version of before it ${title}, and changes nothing`, async () => {
        const done = await rollback({ roles: { 5: OLD_ROLE, 4: OLD_ROLE } }, words, queueFor());
        expect(done.exitCode).to.equal(1);
        expect(lineOf(done, "Version to go back to")).to.match(
          /^fail: version 5 is of the version before the takeover: it runs in the role .*HandlerRole-1A2B3C, .*no way back to it.*adopt dev --apply$/,
        );
        expect(moved(done)).to.deep.equal([]);
      });

    it("does not fail because the queue cannot be read: the version is tested before it goes live", async () => {
      const done = await rollback({ roles: { 5: OLD_ROLE } }, WORDS, {
        GetQueueAttributesCommand: () => {
          throw awsError("AccessDenied");
        },
      });
      expect(lineOf(done, "Version to go back to")).to.match(/^pass: version 5/);
    });
  });
});
