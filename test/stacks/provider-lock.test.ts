import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { expect } from "chai";
import { ObstacleError } from "../../checklist/errors.ts";
import { runChecks } from "../../checklist/run-checks.ts";
import { providerLock } from "../../ops/checks/provider-lock.ts";
import { terraformStack } from "../../ops/terraform/terraform-stack.ts";
import { PROVIDER_VERSION } from "../../stacks/provider-version.ts";
import { describeProviderLock, placeProviderLock } from "../../stacks/terraform/provider-lock.ts";

const lockOf = (version: string): string =>
  `provider "registry.terraform.io/hashicorp/aws" {
  version     = "${version}"
  constraints = "${version}"
  hashes = ["h1:aaaa"]
}
`;

describe("The lock of the provider", () => {
  let folder: string;
  let lock: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "provider-lock-"));
    lock = join(folder, "providers.lock.hcl");
    for (const stack of ["dev", "state-dev"])
      mkdirSync(join(folder, "out", "stacks", stack), { recursive: true });
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("goes into the folder of every stack", () => {
    writeFileSync(lock, lockOf(PROVIDER_VERSION));
    placeProviderLock(join(folder, "out"), lock);
    for (const stack of ["dev", "state-dev"])
      expect(readFileSync(join(folder, "out", "stacks", stack, ".terraform.lock.hcl"), "utf8")).to.equal(
        lockOf(PROVIDER_VERSION),
      );
    expect(describeProviderLock(lock)).to.equal(
      `the provider's checksums are locked, version ${PROVIDER_VERSION}`,
    );
  });

  it("may be missing, and that is said", () => {
    placeProviderLock(join(folder, "out"), lock);
    expect(readdirSync(join(folder, "out", "stacks", "dev"))).to.be.empty;
    expect(describeProviderLock(lock)).to.include("run: npm run locks");
  });

  it("is refused when it is of another version than the stacks ask for, or of none", () => {
    for (const [content, version] of [
      [lockOf("5.100.0"), "5.100.0"],
      ["", "no version"],
    ] as const) {
      writeFileSync(lock, content);
      expect(() => {
        placeProviderLock(join(folder, "out"), lock);
      }).to.throw(ObstacleError, `locks the AWS provider at ${version}, and the stacks ask for`);
    }
  });

  it("of another version fails preflight, and says what to run", async () => {
    writeFileSync(lock, lockOf("5.100.0"));
    const [checked] = await runChecks(
      { runs: "all", checks: [providerLock(lock)] },
      {
        dryRun: false,
        signal: new AbortController().signal,
        observer: { started: () => undefined, progressed: () => undefined, finished: () => undefined },
        explainError: () => undefined,
      },
    );
    expect(checked?.finding).to.include({ outcome: "fail", next: "npm run locks" });
  });

  describe("where Terraform is started", () => {
    /** What `terraform init` is told by a stack whose synthesis places this. */
    const initOptions = async (placed: string | undefined): Promise<readonly string[]> => {
      const file = join(folder, "out", "stacks", "dev", ".terraform.lock.hcl");
      // From an earlier run.
      writeFileSync(file, lockOf("5.100.0"));
      let options: readonly string[] = [];
      const stack = terraformStack({
        name: "dev",
        repository: folder,
        outdir: join(folder, "out"),
        runProgram: (_, args, { output } = {}) => {
          if (args.includes("main.ts") && placed !== undefined) writeFileSync(file, placed);
          if (args[0] === "init") options = args;
          output?.write(JSON.stringify({ format_version: "1.2" }));
          return Promise.resolve(0);
        },
      });
      await stack.plan();
      return options;
    };

    it("is read and never written", async () => {
      expect(await initOptions(lockOf(PROVIDER_VERSION))).to.include("-lockfile=readonly");
    });

    it("is Terraform's own to write when none is committed; one of an earlier run is forgotten", async () => {
      expect(await initOptions(undefined)).to.deep.equal(["init", "-input=false", "-no-color"]);
    });
  });

  describe("npm run locks", () => {
    /** With this script in Terraform's place. */
    const locks = (script: string): { readonly status: number | null; readonly output: string } => {
      const bin = join(folder, "bin");
      mkdirSync(bin);
      writeFileSync(join(bin, "terraform"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ["--import", "tsx", "stacks/terraform/locks-main.ts", "--out", lock],
        { encoding: "utf8", env: { PATH: [bin, dirname(process.execPath), "/bin"].join(delimiter) } },
      );
      return { status, output: `${stdout}${stderr}` };
    };

    it("writes the checksums for the four platforms", () => {
      const { status, output } = locks(
        'cat provider.tf.json; echo "$@" >&2; echo "version = \\"x\\"" > .terraform.lock.hcl',
      );
      expect(output).to.include(`"version":"${PROVIDER_VERSION}"`);
      for (const platform of ["linux_amd64", "linux_arm64", "darwin_amd64", "darwin_arm64"])
        expect(output).to.include(`-platform=${platform}`);
      expect(output).to.include("commit it");
      expect({ status, written: readFileSync(lock, "utf8") }).to.deep.equal({
        status: 0,
        written: 'version = "x"\n',
      });
    });

    it("leaves the file as it is when Terraform fails", () => {
      writeFileSync(lock, "as it was");
      const { status, output } = locks("echo no registry >&2; exit 1");
      expect(output).to.include("No lock was written: terraform providers lock failed with exit code 1");
      expect({ status, left: readFileSync(lock, "utf8") }).to.deep.equal({ status: 1, left: "as it was" });
    });

    it("says so where there is no Terraform", () => {
      const bin = join(folder, "bin");
      mkdirSync(bin);
      const { status, stderr } = spawnSync(
        process.execPath,
        ["--import", "tsx", "stacks/terraform/locks-main.ts", "--out", lock],
        { encoding: "utf8", env: { PATH: bin } },
      );
      expect(stderr).to.include("terraform providers lock did not start");
      expect(status).to.equal(1);
    });
  });
});
