import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { createWorkspace } from "../../rehearsal/workspace.ts";
import { makeFolderForSources } from "../folder-for-sources.ts";
import { readDocument } from "./documents.ts";

/** Walks the recipe of CONTRIBUTING in a copy of the sources. */
describe("the recipe for a command", () => {
  let folder: string;
  before(async () => {
    folder = makeFolderForSources("add-a-command");
    await createWorkspace(folder);

    const [, recipe = ""] = readDocument("CONTRIBUTING.md").split("## Add a command\n");
    const [, path = "", code = ""] = /```ts\n +\/\/ (\S+)\n([^]*?)\n +```/.exec(recipe) ?? [];
    writeFileSync(join(folder, path), code);
    const [, name = ""] = /export const (\w+)/.exec(code) ?? [];

    const program = join(folder, "ops/cli/program.ts");
    const lines = readFileSync(program, "utf8").split("\n");
    const list = lines.findIndex((line) => line.startsWith("const COMMANDS"));
    lines.splice(list + 1, 0, `  ${name},`);
    writeFileSync(program, [`import { ${name} } from "../../${path}";`, ...lines].join("\n"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** The command line of the copy, where nobody answers for AWS. */
  const ops = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", "ops/main.ts", ...args], {
      cwd: folder,
      encoding: "utf8",
      env: {
        AWS_ENDPOINT_URL: "http://127.0.0.1:9",
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_MAX_ATTEMPTS: "1",
      },
    });

  it("makes a command that the help lists and explains", () => {
    expect(ops("--help").stdout).to.match(
      /^ {2}versions \[options\] <environment> +count the published versions$/m,
    );
  });

  it("makes one that runs its checks, and stops at the first that fails", () => {
    const { status, stdout } = ops("versions", "dev");
    expect(stdout).to.equal(
      "FAIL          AWS account: AWS cannot be reached at 127.0.0.1:9 (ECONNREFUSED). Check the network, then run the command again\n" +
        "skip          Published versions: not run, because of: AWS account\n" +
        "versions dev: FAILED. 1 failed, 1 skipped\n",
    );
    expect(status).to.equal(1);
  });
});
