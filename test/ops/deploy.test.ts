import { expect } from "chai";
import { functionAnswers } from "./function-answers.ts";
import { healthyDev, identityIn } from "./healthy-dev.ts";
import { type Answers, awsError } from "./recorded-aws.ts";
import { lineOf, reportOf } from "./report-of.ts";
import { run, type Run } from "./run.ts";

interface Started {
  readonly file: string;
  readonly args: readonly string[];
}

describe("ops deploy", () => {
  /** A deployment that publishes version 7 while 6 is live. */
  const deploy = async (
    words = "--json",
    { further = {}, exitCode = 0 }: { further?: Answers; exitCode?: number } = {},
  ): Promise<Run & { started: readonly Started[]; aliases: () => object }> => {
    const started: Started[] = [];
    const lambda = functionAnswers({ versions: { 6: "six", 7: "seven" }, aliases: { "latest-dev": "6" } });
    const done = await run(`deploy dev ${words}`, {
      answers: { ...healthyDev(), ...lambda.answers, ...further },
      startProgram: (file, args, { output }) => {
        started.push({ file, args });
        output.write("dev  Apply complete!\n");
        return Promise.resolve(exitCode);
      },
    });
    return { ...done, started, aliases: lambda.aliases };
  };

  const stagesRun = (done: Run): string[] => [
    ...new Set(
      reportOf(done)
        .checks.filter(({ found }) => !found.startsWith("not run"))
        .map(({ stage = "none" }) => stage),
    ),
  ];

  it("goes from preflight through infrastructure and release to verify", async () => {
    const done = await deploy();
    expect(done.exitCode).to.equal(0);
    expect(stagesRun(done)).to.deep.equal(["preflight", "infrastructure", "release", "verify"]);
    expect(done.started).to.deep.equal([{ file: "npx", args: ["cdktf", "deploy", "dev", "--auto-approve"] }]);
    expect(done.aliases()).to.include({ "latest-dev": "7", "backup-20260303T210000Z": "6" });
  });

  it("shows what cdktf says: among its lines, or on the error stream beside the JSON object", async () => {
    const plain = await deploy("");
    expect(plain.stdout).to.match(/^infrastructure\ndev {2}Apply complete!\npass +cdktf deploy/m);
    const json = await deploy();
    expect(json.stderr).to.match(/^dev {2}Apply complete!\n/);
    expect(reportOf(json).command).to.equal("deploy");
  });

  it("stops before cdktf when preflight fails", async () => {
    const done = await deploy("--json", {
      further: {
        HeadBucketCommand: () => {
          throw awsError("NotFound");
        },
      },
    });
    expect(done.exitCode).to.equal(1);
    expect(done.started).to.deep.equal([]);
    expect(stagesRun(done)).to.deep.equal(["preflight"]);
  });

  it("stops before cdktf in another account", async () => {
    const done = await deploy("--json", { further: identityIn("1") });
    expect(done.started).to.deep.equal([]);
    expect(lineOf(done, "cdktf deploy")).to.equal("skip: not run, because of: AWS account");
  });

  it("stops before the release when cdktf fails", async () => {
    const done = await deploy("--json", { exitCode: 1 });
    expect(done.exitCode).to.equal(1);
    expect(lineOf(done, "cdktf deploy")).to.equal("fail: expected exit code 0, found exit code 1");
    expect(stagesRun(done)).to.deep.equal(["preflight", "infrastructure"]);
    expect(done.aliases()).to.deep.equal({ "latest-dev": "6" });
  });

  it("stops before verify when the release fails", async () => {
    const done = await deploy("--json", {
      further: {
        UpdateAliasCommand: () => {
          throw awsError("AccessDeniedException", "not authorized");
        },
      },
    });
    expect(done.exitCode).to.equal(1);
    expect(stagesRun(done)).to.deep.equal(["preflight", "infrastructure", "release"]);
  });

  it("fails when verify does", async () => {
    const done = await deploy("--json", { further: { GetPolicyCommand: () => ({ Policy: "{}" }) } });
    expect(done.exitCode).to.equal(1);
    expect(done.aliases()).to.include({ "latest-dev": "7" });
  });

  it("looks and says what it would do in a dry run", async () => {
    const done = await deploy("--dry-run --json");
    expect(done.exitCode).to.equal(0);
    expect(done.started).to.deep.equal([]);
    expect(lineOf(done, "cdktf deploy")).to.equal(
      "skip: would run npx cdktf deploy dev --auto-approve, then release and verify",
    );
    expect(done.aliases()).to.deep.equal({ "latest-dev": "6" });
  });
});
