import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundledProgram } from "../bundled-program.ts";
import { withoutWarnings } from "../without-warnings.ts";
import { listEnvironments } from "../../envs/load.ts";

describe("main.ts", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "main-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  interface Ending {
    readonly status: number | null;
    readonly stderr: string;
  }

  /** The program of the sources, as a bundle, which starts faster than they do. */
  const run = async (variables: Record<string, string>): Promise<Ending> =>
    start([await bundledProgram("main.ts")], variables);

  const start = (program: readonly string[], variables: Record<string, string> = {}): Ending => {
    const { status, stderr } = spawnSync(process.execPath, program, {
      env: { CDKTF_OUTDIR: join(folder, "out"), ...variables },
      encoding: "utf8",
    });
    return { status, stderr: withoutWarnings(stderr) };
  };

  /** The function as synthesized for an environment, and the bytes that it would be deployed with. */
  const deployedFunction = (name: string): { filename: string; sourceCodeHash: string; zip: Buffer } => {
    const stack = join(folder, "out", "stacks", name);
    const { resource } = JSON.parse(readFileSync(join(stack, "cdk.tf.json"), "utf8")) as {
      resource: { aws_lambda_function: { function: { filename: string; source_code_hash: string } } };
    };
    const { filename, source_code_hash: sourceCodeHash } = resource.aws_lambda_function.function;
    return { filename, sourceCodeHash, zip: readFileSync(join(stack, filename)) };
  };

  const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("base64");

  it("synthesizes for each environment its stack, and those of its state bucket and of its roles, all with the zip of the sources", () => {
    expect(start(["--import", "tsx", "main.ts"])).to.include({ status: 0, stderr: "" });
    expect(readdirSync(join(folder, "out", "stacks"))).to.have.members(
      listEnvironments().flatMap((name) => [name, `state-${name}`, `access-${name}`]),
    );
    const built = readFileSync("dist/handler.zip");
    for (const name of listEnvironments()) {
      const { zip, sourceCodeHash } = deployedFunction(name);
      expect(zip.equals(built)).to.be.true;
      expect(sourceCodeHash).to.equal(sha256(built));
    }
  });

  it("ships the zip that HANDLER_ZIP names instead, by a path that tells its bytes alone", async () => {
    const bytes = Buffer.from("PK\u0003\u0004 a release that was tested");
    const filenames: string[] = [];
    for (const name of ["from-dev.zip", "again.zip"]) {
      writeFileSync(join(folder, name), bytes);
      expect(await run({ HANDLER_ZIP: join(folder, name) })).to.include({ status: 0, stderr: "" });
      const { zip, sourceCodeHash, filename } = deployedFunction("sit");
      expect(zip.equals(bytes)).to.be.true;
      expect(sourceCodeHash).to.equal(sha256(bytes));
      filenames.push(filename);
    }
    expect(filenames[1]).to.equal(filenames[0]);
  });

  it("says in a line what is wrong with HANDLER_ZIP", async () => {
    const missing = join(folder, "missing.zip");
    expect(await run({ HANDLER_ZIP: missing })).to.include({
      status: 1,
      stderr: `There is no file ${missing}\n`,
    });
  });
});
