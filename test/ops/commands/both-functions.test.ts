import { expect } from "chai";
import { type BothFunctions, functionAnswers, type FunctionOptions } from "../function-answers.ts";
import { devNames, healthyDev } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { run, type Run } from "../run.ts";

const VERSIONS = { 5: "five", 6: "six", 7: "seven" };
const RECONCILER = devNames.reconciler.functionName;
const CHANGES = ["CreateAliasCommand", "UpdateAliasCommand", "DeleteAliasCommand"];

const answersOf = (lambda: BothFunctions, further: Answers = {}): Answers => ({
  ...healthyDev(),
  ...lambda.answers,
  ...further,
});

const start = async (
  commandLine: string,
  options: Partial<FunctionOptions>,
  further: Answers = {},
): Promise<Run & { lambda: BothFunctions }> => {
  const lambda = functionAnswers({ versions: VERSIONS, aliases: { "latest-dev": "6" }, ...options });
  return { ...(await run(commandLine, { answers: answersOf(lambda, further) })), lambda };
};

const changesOf = ({ aws }: Run): readonly string[] =>
  aws.calls
    .filter(({ command }) => CHANGES.includes(command))
    .map(({ command, input }) => `${command} ${String(input["FunctionName"])}`);

/** The reconciler's alias cannot be moved; the handler's can. */
const stuck = (lambda: BothFunctions): Answers => ({
  UpdateAliasCommand: (input: { FunctionName: string }) => {
    if (input.FunctionName === RECONCILER)
      throw awsError("AccessDeniedException", "lambda:UpdateAlias is not allowed");
    return lambda.answers["UpdateAliasCommand"]?.(input as never);
  },
});

describe("release and rollback of both functions", () => {
  it("invoke both by number before anything moves, and move the two directly after each other", async () => {
    const done = await start("release dev --json", {});
    expect(done.exitCode).to.equal(0);
    expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
    expect(done.lambda.reconciler.aliases()).to.deep.equal({ "latest-dev": "7" });
    expect(lineOf(done, "Reconciler's smoke invocation by number")).to.equal(
      "pass: expected ready, found version 7: ready (12 services)",
    );
    expect(lineOf(done, "Reconciler's alias moved")).to.equal(
      `pass: that of ${RECONCILER} is at version 7, was 6`,
    );
    const { calls } = done.aws;
    const moves = calls.flatMap(({ command }, index) => (command === "UpdateAliasCommand" ? [index] : []));
    expect(moves).to.have.lengthOf(2);
    expect((moves[1] ?? 0) - (moves[0] ?? 0), "requests between the two moves").to.equal(1);
    const invocations = calls.flatMap(({ command }, index) => (command === "InvokeCommand" ? [index] : []));
    const changes = calls.flatMap(({ command }, index) => (CHANGES.includes(command) ? [index] : []));
    expect(Math.max(...invocations)).to.be.lessThan(Math.min(...changes));
    const payload = calls.find(
      ({ command, input }) => command === "InvokeCommand" && input["FunctionName"] === RECONCILER,
    )?.input["Payload"];
    expect(Buffer.from(payload as Uint8Array).toString()).to.equal('{"version":1,"kind":"check"}');
  });

  it("take the newest of the reconciler's versions with the handler's code", async () => {
    const done = await start("release dev --json", {
      reconciler: {
        versions: { 1: "six", 2: "seven", 3: "seven", 4: "eight" },
        aliases: { "latest-dev": "1" },
      },
    });
    expect(done.lambda.reconciler.aliases()).to.deep.equal({ "latest-dev": "3" });
    expect(done.lambda.reconciler.descriptionOf("latest-dev")).to.equal(
      "release of version 3 at 2026-03-03T21:00:00.000Z, before: version 1 [by jo]: release",
    );
  });

  it("leave a line for the record of each", async () => {
    const { stderr } = await start('release dev --reason "faster"', {});
    const lines = stderr
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ message }) => message)).to.deep.equal([
      "Alias latest-dev moved",
      `Alias latest-dev of ${RECONCILER} moved`,
    ]);
    expect(lines[1]).to.include({ from: "6", to: "7", codeSha256: "seven", reason: "faster" });
  });

  it("say what they would do in a dry run, and change nothing", async () => {
    const done = await start("release dev --dry-run --json", {});
    expect(lineOf(done, "Reconciler's alias moved")).to.equal(
      `skip: would move that of ${RECONCILER} from version 6 to 7`,
    );
    expect(changesOf(done)).to.deep.equal([]);
  });

  for (const [title, reconciler, found] of [
    ["throws", { broken: ["7"] }, "version 7: threw Runtime.ImportModuleError: Cannot find module 'index'"],
    ["has no version of the code", { versions: { 6: "six" } }, "no version of .* has CodeSha256 seven"],
  ] as const)
    it(`move nothing when the reconciler ${title}`, async () => {
      const done = await start("release dev --json", { reconciler });
      expect(done.exitCode).to.equal(1);
      expect(done.stdout).to.match(new RegExp(found));
      expect(changesOf(done)).to.deep.equal([]);
    });

  it("move nothing when the reconciler answers something else than ready", async () => {
    const done = await start(
      "release dev --json",
      {},
      {
        InvokeCommand: () => ({ Payload: Buffer.from('{"status":"refused","why":"x"}') }),
      },
    );
    expect(lineOf(done, "Smoke invocation by number")).to.match(/^fail/);
    const lambda = functionAnswers({ versions: VERSIONS, aliases: { "latest-dev": "6" } });
    const refusing = await run("release dev --json", {
      answers: answersOf(lambda, {
        InvokeCommand: (input: { FunctionName: string }) =>
          input.FunctionName === RECONCILER
            ? { Payload: Buffer.from('{"status":"refused","why":"x"}') }
            : lambda.answers["InvokeCommand"]?.(input as never),
      }),
    });
    expect(lineOf(refusing, "Reconciler's smoke invocation by number")).to.equal(
      'fail: expected ready, found version 7: answered {"status":"refused","why":"x"}',
    );
    expect(changesOf(refusing)).to.deep.equal([]);
  });

  it("release the handler alone where there is no reconciler yet", async () => {
    const done = await start("release dev --json", { reconciler: "none" });
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Reconciler's version")).to.match(/^skip: there is no bbws-ecs-reconciler-dev yet/);
    expect(done.lambda.aliases()).to.include({ "latest-dev": "7" });
  });

  it("say which stands where when the second move fails, and are finished by the same command", async () => {
    const lambda = functionAnswers({ versions: VERSIONS, aliases: { "latest-dev": "6" } });
    const failed = await run("release dev --json", { answers: answersOf(lambda, stuck(lambda)) });
    expect(failed.exitCode).to.equal(1);
    expect(lineOf(failed, "Reconciler's alias moved")).to.equal(
      "fail: latest-dev of bbws-ecs-event-handler-dev is at version 7, that of bbws-ecs-reconciler-dev still at 6: " +
        "access denied: lambda:UpdateAlias is not allowed. Events are processed. Run the command again, which leaves " +
        'the handler where it is: npm run ops -- release dev --reason "..."',
    );
    expect(lambda.aliases()).to.include({ "latest-dev": "7" });
    expect(lambda.reconciler.aliases()).to.deep.equal({ "latest-dev": "6" });

    const again = await run("release dev --json", { answers: answersOf(lambda) });
    expect(again.exitCode).to.equal(0);
    expect(changesOf(again)).to.deep.equal([`UpdateAliasCommand ${RECONCILER}`]);
    expect(lambda.reconciler.aliases()).to.deep.equal({ "latest-dev": "7" });
  });

  /** The operator interrupts while the handler's alias is being moved, or before. */
  const interruptedAt = (lambda: BothFunctions, at: string, more: Answers = {}) => {
    const interruption = new AbortController();
    const answers = answersOf(lambda, {
      ...more,
      [at]: (input: unknown) => {
        interruption.abort();
        return lambda.answers[at]?.(input as never);
      },
    });
    return { answers, signal: interruption.signal };
  };

  for (const [command, version] of [
    ["release dev --json", "7"],
    ["rollback dev --to 5 --reason x --json", "5"],
  ] as const) {
    const lambdaOf = (): BothFunctions =>
      functionAnswers({ versions: VERSIONS, aliases: { "latest-dev": "6" } });

    it(`${command} finish the second move before they stop when they are interrupted at the first`, async () => {
      const lambda = lambdaOf();
      const done = await run(command, interruptedAt(lambda, "UpdateAliasCommand"));
      expect(done.exitCode).to.equal(3);
      expect(lambda.aliases()).to.include({ "latest-dev": version });
      expect(lambda.reconciler.aliases()).to.deep.equal({ "latest-dev": version });
      expect(lineOf(done, "Reconciler's alias moved")).to.match(/^pass: /);
      expect(reportOf(done).interrupted).to.equal(true);
    });

    it(`${command} move neither when they are interrupted before the first`, async () => {
      const lambda = lambdaOf();
      const done = await run(command, interruptedAt(lambda, "CreateAliasCommand"));
      expect(done.exitCode).to.equal(3);
      expect(lambda.aliases()).to.include({ "latest-dev": "6" });
      expect(lambda.reconciler.aliases()).to.deep.equal({ "latest-dev": "6" });
      expect(lineOf(done, "Reconciler's alias moved")).to.equal("skip: interrupted");
    });
  }

  it("are told apart by status, with the command that finishes the move", async () => {
    const apart = await start("status dev --json", {
      aliases: { "latest-dev": "7" },
      descriptions: {
        "latest-dev": "rollback to version 7 at 2026-03-03T09:00:00.000Z, before: version 6: x",
      },
      reconciler: { aliases: { "latest-dev": "6" } },
    });
    expect(lineOf(apart, "Reconciler")).to.equal(
      "pass: version 6, not version 7, which is of the handler's release; finish the move: " +
        'npm run ops -- rollback dev --reason "..."',
    );
    const together = await start("status dev --json", {});
    expect(lineOf(together, "Reconciler")).to.equal("pass: version 6");
    const shared = await start("status dev --json", {
      aliases: { "latest-dev": "7" },
      reconciler: { aliases: { "latest-dev": "7" }, weights: { "latest-dev": { 6: 0.1 } } },
    });
    expect(lineOf(shared, "Reconciler")).to.match(
      /^pass: 90 % to version 7, 10 % to version 6, not all to version 7, which is of the handler's release; /,
    );
    const none = await start("status dev --json", { reconciler: "none" });
    expect(lineOf(none, "Reconciler")).to.equal("pass: not there yet");
  });

  describe("rollback", () => {
    const aliases = {
      "latest-dev": "7",
      "backup-20260302T100000Z": "6",
      "backup-20260301T100000Z": "5",
    };
    const back = (words = "", options: Partial<FunctionOptions> = {}): ReturnType<typeof start> =>
      start(`rollback dev --reason x --json ${words}`, { aliases, ...options });

    it("moves both", async () => {
      const done = await back();
      expect(done.exitCode).to.equal(0);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "6" });
      expect(done.lambda.reconciler.aliases()).to.deep.equal({ "latest-dev": "6" });
    });

    it("leaves the reconciler where it is, and says so, for a version from before it existed", async () => {
      const done = await back("--to 5", {
        reconciler: { versions: { 6: "six", 7: "seven" }, aliases: { "latest-dev": "7" } },
      });
      expect(done.exitCode).to.equal(0);
      expect(lineOf(done, "Reconciler's version")).to.equal(
        "pass: version 5 of the handler is from before the reconciler: that stays at version 7",
      );
      expect(done.lambda.aliases()).to.include({ "latest-dev": "5" });
      expect(done.lambda.reconciler.aliases()).to.deep.equal({ "latest-dev": "7" });
    });

    for (const words of ["", "--to 6"])
      it(`that moved the handler alone is finished by the same command${words}, and goes no further back`, async () => {
        const lambda = functionAnswers({ versions: VERSIONS, aliases });
        const command = `rollback dev --reason x --json ${words}`;
        const failed = await run(command, { answers: answersOf(lambda, stuck(lambda)) });
        expect(failed.exitCode).to.equal(1);
        expect(lineOf(failed, "Reconciler's alias moved")).to.include(
          'npm run ops -- rollback dev --reason "..."',
        );
        expect(lambda.aliases()).to.include({ "latest-dev": "6" });

        const again = await run(command, { answers: answersOf(lambda) });
        expect(again.exitCode).to.equal(0);
        expect(lineOf(again, "Test invocation"), "it is verified now").to.match(/^pass: /);
        expect(changesOf(again)).to.deep.equal([`UpdateAliasCommand ${RECONCILER}`]);
        expect(lambda.aliases()).to.include({ "latest-dev": "6" });
        expect(lambda.reconciler.aliases()).to.deep.equal({ "latest-dev": "6" });
      });

    it("goes back as ever when only the reconciler's configuration has changed since", async () => {
      const done = await back("", {
        aliases: { ...aliases, "backup-20260303T100000Z": "7" },
        descriptions: {
          "latest-dev": "rollback to version 7 at 2026-03-03T09:00:00.000Z, before: version 6: x",
        },
        reconciler: {
          versions: { 6: "six", 7: "seven", 8: "seven" },
          aliases: { "latest-dev": "7" },
        },
      });
      expect(done.exitCode).to.equal(0);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "6" });
      expect(done.lambda.reconciler.aliases()).to.deep.equal({ "latest-dev": "6" });
    });

    it("moves neither when the reconciler's version does not work", async () => {
      const done = await back("", { reconciler: { broken: ["6"] } });
      expect(done.exitCode).to.equal(1);
      expect(changesOf(done)).to.deep.equal([]);
    });

    it("from a release that moved the handler alone brings the handler back to where the reconciler is", async () => {
      const done = await back("", { reconciler: { aliases: { "latest-dev": "6" } } });
      expect(done.exitCode).to.equal(0);
      expect(done.lambda.aliases()).to.include({ "latest-dev": "6" });
      expect(lineOf(done, "Reconciler's version")).to.equal("pass: version 6, live already");
      expect(reportOf(done).checks.some(({ outcome }) => outcome === "fail")).to.equal(false);
    });
  });
});
