import { expect } from "chai";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeRecord } from "../../../ops/aws/lambda/release-record.ts";
import { plannedChanges } from "../../../ops/terraform/planned-changes.ts";
import { recordedPlan } from "../../ci/terraform.ts";
import { functionAnswers } from "../function-answers.ts";
import { healthyDev, identityIn } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { run, type Run } from "../run.ts";

const PLAN = readFileSync(recordedPlan("mixed"), "utf8");

/** As Terraform prints it without a terminal. */
const APPLY_ERROR = `
Error: creating Lambda Function (bbws-ecs-event-handler-dev): operation error Lambda: CreateFunction, AccessDeniedException: not authorized

  with aws_lambda_function.handler,
  on cdk.tf.json line 212, in resource.aws_lambda_function.handler:
 212:       },

`;
const LOCK_ERROR = `
╷
│ Error: Error acquiring the state lock
│ 
│ Error message: operation error S3: PutObject, StatusCode: 412
│ Lock Info:
│   ID:        5a1
│   Path:      bbws-terraform-state-dev/ecs-event-handler/dev/terraform.tfstate
│   Operation: OperationTypeApply
│   Who:       jo@laptop
│   Version:   1.13.5
│   Created:   2026-03-03 20:48:00.123 +0000 UTC
╵
`;

describe("ops deploy", () => {
  /** A deployment that publishes version 7 while 6 is live. */
  const deploy = async (
    words = "--json",
    { further = {}, exitCode = 0, says = "" }: { further?: Answers; exitCode?: number; says?: string } = {},
  ): Promise<Run & { started: readonly string[]; aliases: () => object }> => {
    const started: string[] = [];
    const lambda = functionAnswers({ versions: { 6: "six", 7: "seven" }, aliases: { "latest-dev": "6" } });
    const done = await run(`deploy dev ${words}`, {
      answers: { ...healthyDev(), ...lambda.answers, ...further },
      startProgram: (file, args, { output }) => {
        const [command = ""] = args;
        started.push(file === "terraform" ? command : "synthesis");
        output.write(command === "show" ? PLAN : `${command} goes well\n`);
        if (command === "apply") output.write(says);
        return Promise.resolve(command === "apply" ? exitCode : 0);
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
    expect(done.started).to.deep.equal(["synthesis", "init", "plan", "show", "apply"]);
    expect(lineOf(done, "Plan")).to.include("1 to destroy, 1 to replace, 1 to change, 1 to add");
    expect(done.aliases()).to.include({ "latest-dev": "7", "backup-20260303T210000Z": "6" });
  });

  it("shows what Terraform says: among its lines, or on the error stream beside the JSON object", async () => {
    const plain = await deploy("");
    expect(plain.stdout).to.match(/^plan goes well\npass +Plan: [^]*^apply goes well\npass +Apply: /m);
    const json = await deploy();
    expect(json.stderr)
      .to.match(/^apply goes well\n/m)
      .and.not.include("resource_changes");
    expect(reportOf(json).command).to.equal("deploy");
  });

  describe("after somebody has deleted the alias", () => {
    /** Version 7 was published and never released. */
    const without = functionAnswers({
      versions: { 5: "five", 6: "six", 7: "six" },
      aliases: { "backup-20260301T210000Z": "5" },
      reconciler: {
        aliases: { "latest-dev": "6" },
        descriptions: {
          "latest-dev": describeRecord({
            action: "release",
            version: "6",
            at: new Date("2026-03-06T21:00:00Z"),
            before: "5",
            origin: undefined,
            by: undefined,
            deadLetters: undefined,
            reason: "March",
          }),
        },
      },
    });

    it("would create it again at the version that was released last", async () => {
      const done = await deploy("--dry-run --json", { further: without.answers });
      expect(lineOf(done, "Live alias")).to.equal("skip: would create latest-dev again at version 6");
    });

    it("creates it there before Terraform looks, though a newer version has the same code", async () => {
      const done = await deploy("--json", { further: without.answers, exitCode: 1 });
      expect(lineOf(done, "Live alias")).to.equal(
        "pass: latest-dev was gone; it is at version 6 again, which was released last",
      );
      expect(lineOf(done, "Apply")).to.include("fail");
      expect(without.aliases()).to.deep.equal({ "backup-20260301T210000Z": "5", "latest-dev": "6" });
      expect(without.descriptionOf("latest-dev")).to.match(
        /^release of version 6 at .*: the alias was deleted$/,
      );
    });

    it("creates the reconciler's at the version with the handler's code", async () => {
      const half = functionAnswers({
        versions: { 6: "six", 7: "seven" },
        aliases: { "latest-dev": "6" },
        reconciler: { aliases: {} },
      });
      const done = await deploy("--json", { further: half.answers, exitCode: 1 });
      expect(lineOf(done, "Reconciler's live alias")).to.equal(
        "pass: latest-dev was gone; it is at version 6 again, which was released last",
      );
      expect(half.reconciler.aliases()).to.deep.equal({ "latest-dev": "6" });
      expect(half.aliases()).to.deep.equal({ "latest-dev": "6" });
    });

    it("leaves the reconciler's to Terraform where none of its versions has the handler's code", async () => {
      const older = functionAnswers({
        versions: { 6: "six" },
        aliases: { "latest-dev": "6" },
        reconciler: { versions: { 1: "seven" }, aliases: {} },
      });
      const done = await deploy("--json", { further: older.answers, exitCode: 1 });
      expect(lineOf(done, "Reconciler's live alias")).to.include("skip: nothing was released yet");
      expect(done.started).to.include("apply");
    });

    it("changes nothing when nothing tells what was released", async () => {
      const lost = functionAnswers({
        versions: { 6: "six" },
        aliases: { "backup-20260301T210000Z": "6" },
        reconciler: "none",
      });
      const done = await deploy("--json", { further: lost.answers });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "Live alias")).to.include("aws lambda create-alias --function-name");
      expect(done.started).to.deep.equal([]);
    });

    it("leaves it to Terraform when nothing was released yet", async () => {
      const fresh = functionAnswers({ versions: { 1: "one" }, aliases: {}, reconciler: "none" });
      const done = await deploy("--json", { further: fresh.answers, exitCode: 1 });
      expect(lineOf(done, "Live alias")).to.equal(
        "skip: nothing was released yet: the deployment creates it",
      );
      expect(done.started).to.include("apply");
      expect(fresh.aliases()).to.deep.equal({});
    });
  });

  it("stops before Terraform when preflight fails", async () => {
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

  it("stops before Terraform in another account", async () => {
    const done = await deploy("--json", { further: identityIn("1") });
    expect(done.started).to.deep.equal([]);
    expect(lineOf(done, "Plan")).to.equal("skip: not run, because of: AWS account");
  });

  it("stops before the release when Terraform fails", async () => {
    const done = await deploy("--json", { exitCode: 1 });
    expect(done.exitCode).to.equal(1);
    expect(lineOf(done, "Apply")).to.equal("fail: terraform apply failed with exit code 1");
    expect(stagesRun(done)).to.deep.equal(["preflight", "infrastructure"]);
    expect(done.aliases()).to.deep.equal({ "latest-dev": "6" });
  });

  it("says which resource Terraform failed on, and why", async () => {
    const done = await deploy("--json", { exitCode: 1, says: APPLY_ERROR });
    expect(lineOf(done, "Apply")).to.equal(
      "fail: terraform apply failed with exit code 1; aws_lambda_function.handler: creating Lambda Function " +
        "(bbws-ecs-event-handler-dev): operation error Lambda: CreateFunction, AccessDeniedException: not authorized",
    );
    const locked = await deploy("--json", { exitCode: 1, says: LOCK_ERROR });
    expect(lineOf(locked, "Apply")).to.equal(
      "fail: terraform apply failed with exit code 1; Error acquiring the state lock: someone else is at work: " +
        "jo@laptop, OperationTypeApply, since 2026-03-03 20:48:00.123 +0000 UTC",
    );
  });

  it("is interrupted, and not failed, when Terraform was asked to stop", async () => {
    const interruption = new AbortController();
    const done = await run("deploy dev --json", {
      answers: healthyDev(),
      signal: interruption.signal,
      startProgram: (_file, [command], { output }) => {
        output.write(command === "show" ? PLAN : "");
        if (command === "apply") interruption.abort();
        return Promise.resolve(command === "apply" ? 1 : 0);
      },
    });
    expect(done.exitCode).to.equal(3);
    expect(lineOf(done, "Apply")).to.equal("skip: interrupted");
    expect(reportOf(done).interrupted).to.equal(true);
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
    expect(lineOf(done, "Plan")).to.equal("skip: would plan the stack dev with Terraform");
    expect(lineOf(done, "Apply")).to.equal("skip: would apply that plan, then release and verify");
    expect(done.aliases()).to.deep.equal({ "latest-dev": "6" });
  });

  describe("with an approved plan", () => {
    const changes = plannedChanges(JSON.parse(PLAN));
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "approved-"));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
    });
    const approved = (content: unknown): string => {
      const path = join(folder, "plan.json");
      writeFileSync(path, JSON.stringify(content));
      return `--json --approved-plan ${path}`;
    };

    it("applies a plan that is the same", async () => {
      const done = await deploy(approved({ environment: "dev", changes }));
      expect(done.exitCode).to.equal(0);
      expect(done.started).to.include("apply");
    });

    it("changes nothing and shows the difference when the plan is another", async () => {
      const [removed, replaced, changed] = changes;
      const done = await deploy(
        approved({
          environment: "dev",
          changes: [
            { ...removed, action: "change" },
            { ...replaced, digest: "other" },
            changed,
            { ...changed, address: "terraform_data.gone" },
          ],
        }),
      );
      expect(done.exitCode).to.equal(1);
      expect(done.started).not.to.include("apply");
      expect(done.aliases()).to.deep.equal({ "latest-dev": "6" });
      expect(lineOf(done, "Plan"))
        .to.include("terraform_data.added: now to add, not approved")
        .and.include("terraform_data.gone: approved to change, now nothing to do")
        .and.include("terraform_data.removed: approved to change, now to destroy")
        .and.include(
          "terraform_data.replaced: to replace with other values than approved (triggers_replace)",
        );
    });

    it("plans nothing without that file, with another environment's, and with what is none", async () => {
      for (const [content, complaint] of [
        [undefined, "Plan and approve again"],
        [{ environment: "sit", changes }, "approved for sit, not for dev"],
        [{ environment: "dev", changes: [{ address: "a" }] }, "is not an approved plan"],
      ] as const) {
        const words = content === undefined ? "--json --approved-plan missing.json" : approved(content);
        const done = await deploy(words);
        expect(lineOf(done, "Plan")).to.include(complaint);
        expect(done.started).to.deep.equal([]);
      }
    });
  });
});
