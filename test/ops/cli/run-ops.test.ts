import { once } from "node:events";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { functionAnswers } from "../function-answers.ts";
import { healthyDev, metricAnswers } from "../healthy-dev.ts";
import { awsError } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { createTerminal, NOW, run } from "../run.ts";

const failing = (error: Error) => ({
  ...healthyDev(),
  GetCallerIdentityCommand: () => {
    throw error;
  },
});

const systemError = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

/** A healthy dev, whose version has been live for days. */
const longLive = () => ({
  ...healthyDev(),
  ...functionAnswers({
    versions: { 6: "six", 7: "seven" },
    aliases: { "latest-dev": "7", "backup-20260301T100000Z": "6" },
  }).answers,
});

describe("a command's run", () => {
  describe("with --json", () => {
    it("prints one object and nothing else, whatever comes of it", async () => {
      for (const answers of [healthyDev(), failing(awsError("ExpiredToken")), metricFailure()]) {
        const done = await run("preflight dev --json", { answers });
        expect(done.stdout).to.match(/^\{\n[^]*\n\}\n$/);
        expect(reportOf(done)).to.include({
          command: "preflight",
          environment: "dev",
          exitCode: done.exitCode,
        });
        expect(done.stderr).to.equal("");
      }
    });

    const metricFailure = () => ({ ...healthyDev(), DescribeClustersCommand: () => ({}) });

    it("tells of each check its title, its outcome, what was expected and what was found", async () => {
      const done = await run("preflight dev --json", { answers: healthyDev() });
      expect(reportOf(done)).to.deep.include({
        outcome: "pass",
        exitCode: 0,
        dryRun: false,
        interrupted: false,
      });
      expect(reportOf(done).checks[2]).to.deep.equal({
        title: "Cluster bbws-cluster-dev",
        outcome: "pass",
        expected: "ACTIVE",
        found: "ACTIVE",
      });
    });

    it("puts what is for the record on the error stream", async () => {
      const lambda = functionAnswers({ versions: { 6: "six", 7: "seven" }, aliases: { "latest-dev": "6" } });
      const done = await run("release dev --json", {
        answers: { ...healthyDev(), ...lambda.answers },
      });
      expect(reportOf(done).exitCode).to.equal(0);
      const lines = done.stderr.trim().split("\n");
      expect(lines, "one for each function").to.have.lengthOf(2);
      for (const line of lines) expect(JSON.parse(line)).to.include({ action: "release" });
    });
  });

  describe("without a terminal", () => {
    it("prints plain lines, the verdict last", async () => {
      const done = await run("preflight dev", {
        answers: {
          ...healthyDev(),
          DescribeClustersCommand: () => ({}),
          DescribeLogGroupsCommand: () => ({}),
        },
      });
      expect(done.stdout).not.to.include("\u001b");
      const lines = done.stdout.split("\n");
      expect(lines[2]).to.equal(
        "FAIL          Cluster bbws-cluster-dev: expected ACTIVE, found no such cluster",
      );
      expect(lines[5]).to.match(/^skip {10}Log group .*: not there yet/);
      expect(lines.slice(-2)).to.deep.equal(["preflight dev: FAILED. 7 passed, 1 failed, 3 skipped", ""]);
    });

    it("says what was inconclusive", async () => {
      const done = await run("gate --from dev", { answers: { ...longLive(), ...metricAnswers({}) } });
      expect(done.stdout).to.match(
        /^inconclusive {2}Errors in the last 1 h: expected at most 10, found no datapoint$/m,
      );
      expect(done.stdout).to.match(/^gate dev: INCONCLUSIVE\. 3 passed, 4 inconclusive\n$/m);
    });
  });

  describe("on a terminal", () => {
    /** Runs a command; what stands on the terminal in the end, without its control characters. */
    const draw = async (commandLine: string, answers = healthyDev(), until = "") => {
      const terminal = createTerminal();
      let now = NOW.getTime();
      const done = await run(commandLine, {
        answers,
        clock: {
          now: () => new Date(now),
          // Waits until the list has been drawn with that on it.
          wait: async (milliseconds) => {
            now += milliseconds;
            while (!terminal.drawn().includes(until)) await once(terminal.stream, "data");
          },
        },
        stdout: terminal.stream,
        terminal: { stdout: terminal.stream, stderr: terminal.stream },
      });
      const drawn = terminal.drawn();
      return { ...done, drawn, text: stripVTControlCharacters(drawn) };
    };

    it("draws a list that lives: what runs, then what came of it", async () => {
      const { drawn, text, exitCode } = await draw("preflight dev", {
        ...healthyDev(),
        DescribeClustersCommand: () => ({}),
        DescribeLogGroupsCommand: () => ({}),
      });
      expect(exitCode).to.equal(1);
      expect(drawn).to.include("\u001b[");
      expect(text).to.match(/✔ AWS account: 536580886816/);
      expect(text).to.match(/✖ Cluster bbws-cluster-dev: expected ACTIVE, found no such cluster/);
      expect(text).to.match(/↓ Log group .*: not there yet/);
      expect(text.trimEnd()).to.match(/preflight dev: FAILED. 7 passed, 1 failed, 3 skipped$/);
    });

    it("draws the list once for all that changes at a time", async () => {
      const terminal = createTerminal();
      let drawings = 0;
      terminal.stream.on("data", () => drawings++);
      await run("verify dev", {
        answers: healthyDev(),
        stdout: terminal.stream,
        terminal: { stdout: terminal.stream, stderr: terminal.stream },
      });
      const checks = Number(/(\d+) passed/.exec(terminal.drawn())?.[1]);
      expect(drawings, "a check begins, finds and ends").to.be.at.most(2 * checks);
    });

    it("marks what is inconclusive", async () => {
      const { text, exitCode } = await draw("gate --from dev", { ...longLive(), ...metricAnswers({}) });
      expect(exitCode).to.equal(3);
      expect(text).to.match(/inconclusive: Errors in the last 1 h/);
    });

    it("draws a bar below what takes long", async () => {
      const { text } = await draw("monitor dev --minutes 1", healthyDev(), "/1 min");
      expect(text).to.match(/\[-+\] 0\/1 min, invocations 5, errors 0/);
    });

    it("prints results below the list", async () => {
      const { text } = await draw("status dev");
      expect(text).to.match(/VERSION +PUBLISHED[^]*\nstatus dev: ok\. 11 passed\n$/);
    });

    it("does not write into the list what is for the record, if both go to the terminal", async () => {
      const lambda = functionAnswers({ versions: { 6: "six", 7: "seven" }, aliases: { "latest-dev": "6" } });
      const { text } = await draw("release dev", { ...healthyDev(), ...lambda.answers });
      expect(text).to.match(
        /\n\{"timestamp":.*"action":"release".*\}\nrelease dev: ok\. 11 passed, 1 skipped\n$/,
      );
    });

    it("prints plain lines for a command that runs a program, which writes to the terminal itself", async () => {
      const { drawn } = await draw("deploy dev --dry-run");
      expect(drawn).not.to.include("\u001b");
      expect(drawn).to.match(/^preflight\npass +AWS account/);
    });
  });

  describe("when AWS cannot be asked", () => {
    const causes: readonly (readonly [Error, string])[] = [
      [
        Object.assign(new Error("Could not load credentials from any providers"), {
          name: "CredentialsProviderError",
        }),
        "no usable AWS credentials (Could not load credentials from any providers). Set AWS_PROFILE, or sign in: aws sso login",
      ],
      [awsError("ExpiredToken"), "the AWS credentials have expired. Sign in again: aws sso login"],
      [
        awsError("InvalidClientTokenId", "The security token included in the request is invalid."),
        "AWS refuses the credentials: The security token included in the request is invalid. Sign in again: aws sso login",
      ],
      [awsError("AccessDenied", "not authorized\nat all"), "access denied: not authorized"],
      [
        systemError("ECONNREFUSED"),
        "AWS cannot be reached at sts.af-south-1.amazonaws.com (ECONNREFUSED). Check the network, then run the command again",
      ],
      [
        systemError("ENOTFOUND"),
        "AWS cannot be reached at sts.af-south-1.amazonaws.com (ENOTFOUND). Check the network, then run the command again",
      ],
      [
        Object.assign(new Error("socket timed out"), { name: "TimeoutError" }),
        "AWS did not answer in time at sts.af-south-1.amazonaws.com: socket timed out. Run the command again",
      ],
      [
        awsError("ThrottlingException", "Rate exceeded"),
        "AWS throttles STS.GetCallerIdentity: Rate exceeded. Wait a minute, then run the command again",
      ],
    ];
    for (const [error, line] of causes) {
      it(`says "${line}", once, and asks no more`, async () => {
        for (const command of ["preflight dev", "status dev", "gate --from dev", "verify dev"]) {
          const done = await run(`${command} --json`, { answers: failing(error) });
          expect(done.exitCode).to.equal(1);
          expect(lineOf(done, "AWS account")).to.equal(`fail: ${line}`);
          expect(done.aws.calls, command).to.have.length(1);
          expect(done.stderr).to.equal("");
        }
      });
    }

    it("does not hide a bug", async () => {
      const bug = new TypeError("x is not a function");
      const caught = await run("preflight dev", { answers: failing(bug) }).catch((error: unknown) => error);
      expect(caught).to.equal(bug);
    });
  });

  describe("when it is interrupted", () => {
    it("takes back the change at hand, begins no other, and says what was done", async () => {
      const interruption = new AbortController();
      const lambda = functionAnswers({ versions: { 6: "six", 7: "seven" }, aliases: { "latest-dev": "6" } });
      const createAlias = lambda.answers["CreateAliasCommand"];
      const done = await run("release dev", {
        answers: {
          ...healthyDev(),
          ...lambda.answers,
          CreateAliasCommand: (input: never) => {
            interruption.abort();
            return createAlias?.(input);
          },
        },
        signal: interruption.signal,
      });
      expect(done.exitCode).to.equal(3);
      expect(done.stdout).to.match(/^skip +Live version remembered: interrupted; nothing was changed$/m);
      expect(done.stdout).to.match(/^skip +Alias moved: interrupted$/m);
      expect(done.stdout).to.match(/^release dev: INTERRUPTED\. 7 passed, 5 skipped\n$/m);
      expect(lambda.aliases()).to.deep.equal({ "latest-dev": "6" });
    });

    it("fails when something had failed before", async () => {
      const interruption = new AbortController();
      const done = await run("preflight dev", {
        answers: {
          ...healthyDev(),
          DescribeClustersCommand: () => {
            interruption.abort();
            return {};
          },
        },
        signal: interruption.signal,
      });
      expect(done.exitCode).to.equal(1);
    });
  });
});
