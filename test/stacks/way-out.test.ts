import { expect } from "chai";
import { build } from "esbuild";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { currentHandlerZip } from "../../build/current-handler-zip.ts";
import { listEnvironments } from "../../envs/load.ts";

describe("the way out of CDKTF", () => {
  let folder: string;

  before(() => {
    mkdirSync("dist", { recursive: true });
    // In the repository, where a program finds its packages.
    folder = mkdtempSync(join("dist", "way-out-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Synthesizes all stacks with the package given in CDKTF's place. */
  const synthesizeWith = async (core: "cdktf" | "cdktn"): Promise<Record<string, Terraform>> => {
    const { path: handlerZip } = await currentHandlerZip(undefined);
    const room = join(folder, core);
    const program = join(room, "program", "main.mjs");
    await build({
      entryPoints: ["main.ts"],
      outfile: program,
      bundle: true,
      platform: "node",
      format: "esm",
      alias: { cdktf: core },
      external: ["esbuild"],
      banner: {
        js: 'import { createRequire as requireOf } from "node:module"; const require = requireOf(import.meta.url);',
      },
      logLevel: "error",
    });
    // The program looks for the environments beside itself.
    cpSync("envs", join(room, "program"), { recursive: true });
    const outdir = join(room, "out");
    execFileSync(process.execPath, [program], { env: { CDKTF_OUTDIR: outdir, HANDLER_ZIP: handlerZip } });
    return Object.fromEntries(
      readdirSync(join(outdir, "stacks")).map((stack) => {
        const text = readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8");
        return [stack, JSON.parse(text) as Terraform];
      }),
    );
  };

  it("is a rename: cdktn synthesizes the same Terraform, but for its own version", async () => {
    const [before, after] = [await synthesizeWith("cdktf"), await synthesizeWith("cdktn")];
    expect(Object.keys(before)).to.have.members(
      listEnvironments().flatMap((name) => [name, `state-${name}`, `access-${name}`]),
    );
    for (const [stack, terraform] of Object.entries(before)) {
      expect(terraform["//"].metadata.version).to.equal(versionOf("cdktf"));
      terraform["//"].metadata.version = versionOf("cdktn");
      expect(after[stack]).to.deep.equal(terraform);
    }
  });
});

interface Terraform {
  readonly "//": { metadata: { version: string } };
}

const versionOf = (name: string): string =>
  (JSON.parse(readFileSync(join("node_modules", name, "package.json"), "utf8")) as { version: string })
    .version;
