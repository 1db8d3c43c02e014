import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { ObstacleError } from "../../../checklist/errors.ts";
import { STATE_BUCKET_PARTS, stateBucketImport } from "../../../ops/checks/state-bucket-import.ts";
import type { Context } from "../../../ops/context.ts";
import { loadEnvironment } from "../../../envs/load.ts";
import { addresses, synthesizeState } from "../../stacks/synthesized.ts";
import { dev, devNames, healthyDev } from "../healthy-dev.ts";
import { type Answers, awsError, recordedAws } from "../recorded-aws.ts";
import { lineOf } from "../report-of.ts";
import { run, type RunOptions } from "../run.ts";

const missing = (name: string) => () => {
  throw awsError(name);
};

/** A bucket without a lifecycle, as an older version of the stack made it. */
const bucket = (): Answers => ({
  ...healthyDev(),
  HeadBucketCommand: () => ({}),
  GetBucketVersioningCommand: () => ({ Status: "Enabled" }),
  GetBucketLifecycleConfigurationCommand: missing("NoSuchLifecycleConfiguration"),
  GetBucketEncryptionCommand: () => ({}),
  GetPublicAccessBlockCommand: () => ({}),
  GetBucketPolicyCommand: () => ({}),
});

const noBucket: Answers = {
  HeadBucketCommand: missing("NotFound"),
  GetBucketVersioningCommand: missing("NoSuchBucket"),
  GetBucketLifecycleConfigurationCommand: missing("NoSuchBucket"),
  GetBucketEncryptionCommand: missing("NoSuchBucket"),
  GetPublicAccessBlockCommand: missing("NoSuchBucket"),
  GetBucketPolicyCommand: missing("NoSuchBucket"),
};

interface Started {
  readonly commands: string[];
  imports: unknown;
}

/** A synthesis, which leaves a folder, and a Terraform that plans these changes. */
const programs = (changes: readonly object[], started: Started): RunOptions => ({
  startProgram: (file, [command = ""], { output, variables, cwd }) => {
    started.commands.push(command);
    if (file !== "terraform")
      mkdirSync(join(variables?.["CDKTF_OUTDIR"] ?? "", "stacks", "state-dev"), { recursive: true });
    if (command === "plan")
      started.imports = JSON.parse(readFileSync(join(cwd ?? "", "takeover.tf.json"), "utf8"));
    if (command === "show")
      output.write(JSON.stringify({ format_version: "1.2", resource_changes: changes }));
    return Promise.resolve(0);
  },
});

const change = (address: string, action: string): object => ({
  address,
  change: { actions: [action], before: action === "create" ? null : {}, after: {} },
});

describe("ops import-state-bucket", () => {
  let started: Started;
  beforeEach(() => {
    started = { commands: [], imports: undefined };
  });

  it("knows every resource of the stack", () => {
    expect(Object.keys(STATE_BUCKET_PARTS)).to.have.members(
      addresses(synthesizeState(loadEnvironment("dev"))),
    );
  });

  it("imports what the bucket has, and has Terraform create what it lacks", async () => {
    const lifecycle = "aws_s3_bucket_lifecycle_configuration.lifecycle";
    const done = await run("import-state-bucket dev --apply --json", {
      answers: bucket(),
      ...programs([change(lifecycle, "create")], started),
    });
    expect(done.exitCode, done.stdout).to.equal(0);
    expect(started.imports).to.deep.equal({
      import: Object.keys(STATE_BUCKET_PARTS)
        .filter((address) => address !== lifecycle)
        .map((to) => ({ to, id: "bbws-terraform-state-dev" })),
    });
    expect(started.commands).to.include("apply");
  });

  it("changes nothing without --apply", async () => {
    const done = await run("import-state-bucket dev --json", { answers: bucket(), ...programs([], started) });
    expect(done.exitCode, done.stdout).to.equal(0);
    expect(started.commands).to.include("plan").and.not.include("apply");
  });

  for (const action of ["create", "delete", "update"])
    it(`refuses a plan that would ${action} the bucket itself`, async () => {
      const done = await run("import-state-bucket dev --apply --json", {
        answers: bucket(),
        ...programs([change("aws_s3_bucket.bucket", action)], started),
      });
      expect(lineOf(done, "Plan")).to.match(/^fail: expected the bucket itself as it is, found /);
      expect(done.exitCode).to.equal(1);
      expect(started.commands).to.not.include("apply");
    });

  it("has nothing to import where there is no bucket, and says how to make one", async () => {
    const done = await run("import-state-bucket dev --apply --json", {
      answers: { ...healthyDev(), ...noBucket },
    });
    expect(done.exitCode).to.equal(1);
    expect(done.stdout).to.include("there is no such bucket").and.include("npx cdktf deploy state-dev");
    expect(started.commands).to.deep.equal([]);
  });

  describe("with a local state", () => {
    let repository: string;
    beforeEach(() => {
      repository = mkdtempSync(join(tmpdir(), "state-bucket-"));
    });
    afterEach(() => {
      rmSync(repository, { recursive: true });
    });

    const findingWith = async (state: string, answers: Answers) => {
      writeFileSync(join(repository, "terraform.state-dev.tfstate"), state);
      const context = {
        aws: recordedAws({ ...healthyDev(), ...answers }).createAws("af-south-1"),
        environment: dev,
        names: devNames,
        signal: new AbortController().signal,
      } as unknown as Context;
      const [check] = stateBucketImport(context, repository).checks;
      return check?.run(() => undefined);
    };

    it("does not say that a bucket is there which is not", async () => {
      expect(await findingWith('{"resources":[]}', noBucket)).to.include({
        outcome: "fail",
        found: "there is no such bucket",
      });
    });

    it("says that a file is no state", async () => {
      const complaint = await findingWith("not JSON", bucket()).catch((error: unknown) => error);
      expect(complaint)
        .to.be.instanceOf(ObstacleError)
        .with.property("message")
        .that.includes("is no Terraform state");
    });
  });
});
