import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PROVIDER_VERSION } from "../../stacks/provider-version.ts";
import { providerMirrorVariables, substitutionVariables } from "../../stacks/terraform/provider-mirror.ts";
import { validateStack } from "../../stacks/terraform/validate-stack.ts";
import { bundledProgram } from "../bundled-program.ts";
import { linkedRepository } from "../linked-repository.ts";
import { withoutWarnings } from "../without-warnings.ts";
import { listEnvironments } from "../../envs/load.ts";

describe("Terraform", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "terraform-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  describe("finds its provider", () => {
    const PROVIDERS = join("registry.terraform.io", "hashicorp");

    it("in a folder of plugins on the disk", () => {
      const mirror = join(folder, "plugins");
      mkdirSync(join(mirror, PROVIDERS), { recursive: true });
      const configuration = join(folder, "written", "mirror.tfrc");
      expect(
        providerMirrorVariables({ HOME: folder }, configuration, [join(folder, "none"), mirror]),
      ).to.deep.equal({
        TF_CLI_CONFIG_FILE: configuration,
        TF_CLI_ARGS_providers_lock: `-fs-mirror=${mirror}`,
      });
      expect(readFileSync(configuration, "utf8")).to.include(`path    = "${mirror}"`);
    });

    for (const place of [
      ".terraform.d/plugins",
      ".terraform.d/plugin-cache",
      ".local/share/terraform/plugins",
    ]) {
      it(`in ${place} of the home`, () => {
        mkdirSync(join(folder, place, PROVIDERS), { recursive: true });
        expect(providerMirrorVariables({ HOME: folder }, join(folder, "mirror.tfrc"))).to.have.property(
          "TF_CLI_ARGS_providers_lock",
          `-fs-mirror=${join(folder, place)}`,
        );
      });
    }

    it("in Terraform's plug-in cache", () => {
      mkdirSync(join(folder, "cache", PROVIDERS), { recursive: true });
      const env = { HOME: folder, TF_PLUGIN_CACHE_DIR: join(folder, "cache") };
      expect(providerMirrorVariables(env, join(folder, "mirror.tfrc"))).to.have.property(
        "TF_CLI_ARGS_providers_lock",
        `-fs-mirror=${join(folder, "cache")}`,
      );
    });

    it("by a configuration of one's own, where there is one", () => {
      const mirror = join(folder, "plugins");
      mkdirSync(join(mirror, PROVIDERS), { recursive: true });
      const own = join(folder, "own.tfrc");
      writeFileSync(own, "");
      const written = join(folder, "mirror.tfrc");
      expect(providerMirrorVariables({ HOME: folder, TF_CLI_CONFIG_FILE: own }, written, [mirror])).to.be
        .empty;
      writeFileSync(join(folder, ".terraformrc"), "");
      expect(providerMirrorVariables({ HOME: folder }, written, [mirror])).to.be.empty;
    });

    it("in a folder of plugins when the configuration that is named does not exist", () => {
      const mirror = join(folder, "plugins");
      mkdirSync(join(mirror, PROVIDERS), { recursive: true });
      const env = { HOME: folder, TF_CLI_CONFIG_FILE: join(folder, "none.tfrc") };
      expect(providerMirrorVariables(env, join(folder, "mirror.tfrc"), [mirror])).to.not.be.empty;
    });

    it("in OpenTofu's folder when that is the program", () => {
      const env = { HOME: folder, TERRAFORM_BINARY_NAME: "/usr/bin/tofu" };
      const [own, other] = [join(folder, "own"), join(folder, "other")];
      mkdirSync(join(other, PROVIDERS), { recursive: true });
      mkdirSync(join(own, "registry.opentofu.org", "hashicorp"), { recursive: true });
      const configuration = join(folder, "mirror.tfrc");
      expect(providerMirrorVariables(env, configuration, [other, own])).to.include({
        TF_CLI_ARGS_providers_lock: `-fs-mirror=${own}`,
      });
      expect(readFileSync(configuration, "utf8")).to.include(
        'include = ["registry.opentofu.org/hashicorp/*"]',
      );
      writeFileSync(join(folder, ".tofurc"), "");
      expect(providerMirrorVariables(env, configuration, [own])).to.be.empty;
    });

    describe("or the substitute", () => {
      const folderWith = (...versions: readonly string[]): string => {
        const mirror = mkdtempSync(join(folder, "mirror-"));
        for (const version of versions)
          mkdirSync(join(mirror, PROVIDERS, "aws", version), { recursive: true });
        return mirror;
      };
      const substituted = { SUBSTITUTE_PROVIDER: "5.100.0" };

      it("where that is all there is", () => {
        expect(substitutionVariables({ HOME: folder }, [folderWith("5.100.0")])).to.deep.equal(substituted);
      });

      it("not where the provider is there, nor where neither is", () => {
        for (const mirror of [
          folderWith("5.100.0", PROVIDER_VERSION),
          folderWith("5.99.0"),
          join(folder, "none"),
        ])
          expect(substitutionVariables({ HOME: folder }, [mirror])).to.be.empty;
      });

      it("as somebody has set the switch", () => {
        expect(substitutionVariables(substituted, [])).to.deep.equal(substituted);
        const off = { SUBSTITUTE_PROVIDER: "", HOME: folder };
        expect(substitutionVariables(off, [folderWith("5.100.0")])).to.deep.equal({
          SUBSTITUTE_PROVIDER: "",
        });
      });
    });

    it("in its registry when there is no such folder", () => {
      expect(providerMirrorVariables({ HOME: folder }, join(folder, "mirror.tfrc"), [join(folder, "none")]))
        .to.be.empty;
    });
  });

  /** Puts a program named terraform on a PATH of its own. */
  const installTerraform = (script: string): string => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "terraform"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return bin;
  };

  describe("judges a stack", () => {
    it("valid, after an initialisation without the state and without questions", async () => {
      const PATH = installTerraform('echo "$@" >> calls');
      expect(await validateStack(folder, { PATH })).to.deep.equal({ kind: "valid" });
      expect(readFileSync(join(folder, "calls"), "utf8").trim().split("\n")).to.deep.equal([
        "init -backend=false -input=false -no-color",
        "validate -no-color",
      ]);
    });

    it("invalid, in Terraform's words", async () => {
      const PATH = installTerraform('[ "$1" = init ] || { echo "Error: Unsupported argument" >&2; exit 1; }');
      expect(await validateStack(folder, { PATH })).to.deep.equal({
        kind: "invalid",
        output: "Error: Unsupported argument",
      });
    });

    it("invalid when it cannot even be initialised", async () => {
      const PATH = installTerraform(
        'echo "Error: Terraform encountered problems during initialisation"; exit 1',
      );
      expect(await validateStack(folder, { PATH })).to.have.property("kind", "invalid");
    });

    it("not at all when the provider cannot be had", async () => {
      const PATH = installTerraform('echo "Error: Failed to query available provider packages" >&2; exit 1');
      expect(await validateStack(folder, { PATH }))
        .to.have.property("reason")
        .that.includes("the AWS provider cannot be installed here")
        .and.includes("Failed to query available provider packages");
    });

    it("not at all when there is no terraform", async () => {
      expect(await validateStack(folder, { PATH: folder })).to.deep.equal({
        kind: "skipped",
        reason: "there is no terraform on the PATH",
      });
    });
  });

  describe("npm run validate", () => {
    const MAIN = "stacks/terraform/main.ts";
    const repository = linkedRepository();
    let program: string;
    before(async () => {
      const source = readFileSync(MAIN, "utf8");
      const there = 'fileURLToPath(new URL("../..", import.meta.url))';
      expect(source).to.include(there);
      program = await bundledProgram(MAIN, { [MAIN]: source.replace(there, JSON.stringify(repository)) });
    });
    after(() => {
      rmSync(repository, { recursive: true });
    });

    const validate = (
      PATH: string,
      variables: Record<string, string> = {},
    ): { status: number | null; stdout: string; stderr: string } => {
      // With a configuration of its own, Terraform is not told of folders that this machine may have.
      const configuration = join(folder, "own.tfrc");
      writeFileSync(configuration, "");
      const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
        env: { PATH, HOME: folder, TF_CLI_CONFIG_FILE: configuration, ...variables },
        encoding: "utf8",
      });
      return { status, stdout, stderr: withoutWarnings(stderr) };
    };

    it("names every stack that is valid", () => {
      const { status, stdout } = validate(installTerraform("exit 0"));
      expect(stdout.trim().split("\n")).to.deep.equal(
        listEnvironments()
          .flatMap((name) => [name, `state-${name}`, `access-${name}`])
          .sort()
          .map((stack) => `${stack} is valid`),
      );
      expect(status).to.equal(0);
    });

    it("fails on one that is not", () => {
      const script =
        'case "$1:$PWD" in validate:*/state-sit) echo "Error: Missing required argument"; exit 1;; esac';
      const { status, stdout, stderr } = validate(installTerraform(script));
      expect(stderr).to.equal("state-sit is INVALID:\nError: Missing required argument\n");
      expect(stdout.trim().split("\n")).to.have.lengthOf(3 * listEnvironments().length - 1);
      expect(status).to.equal(1);
    });

    it("says in its first and last line that it had the substitutes checked", () => {
      const { status, stdout } = validate(installTerraform("exit 0"), { SUBSTITUTE_PROVIDER: "5.100.0" });
      const lines = stdout.trim().split("\n");
      expect(lines[0]).to.match(/^SUBSTITUTED: AWS provider 5\.100\.0 for 6\.\S+, and runtime nodejs22\.x /);
      expect(lines.at(-1)).to.equal(lines[0]);
      expect(lines.slice(1, -1)).to.have.lengthOf(3 * listEnvironments().length);
      expect(status).to.equal(0);
    });

    it("refuses a substitute that nothing is prepared for", () => {
      const { status, stderr } = validate(installTerraform("exit 0"), { SUBSTITUTE_PROVIDER: "6.0.0" });
      expect(stderr).to.include('SUBSTITUTE_PROVIDER is "6.0.0": it can be 5.100.0 or nothing');
      expect(status).to.equal(1);
    });

    it("runs the program that TERRAFORM_BINARY_NAME names, and no other", () => {
      const bin = installTerraform("exit 1");
      writeFileSync(join(bin, "tofu"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
      expect(validate(bin, { TERRAFORM_BINARY_NAME: "tofu" })).to.include({ status: 0, stderr: "" });
      expect(validate(bin, { TERRAFORM_BINARY_NAME: "missing" }).stderr).to.equal(
        "NOT VALIDATED: there is no missing on the PATH\n",
      );
    });

    it("says loudly, and once, that it could not and why", () => {
      const { status, stdout, stderr } = validate(dirname(folder));
      expect(stderr).to.equal("NOT VALIDATED: there is no terraform on the PATH\n");
      expect(stdout).to.be.empty;
      expect(status).to.equal(0);
    });
  });
});
