import { expect } from "chai";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import packageJson from "../../package.json" with { type: "json" };
import { splitWords } from "../docs/split-words.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

describe("the supply chain's gates", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "gates-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs one of package.json's scripts in the folder. */
  const run = async (script: "secrets" | "lockfile"): Promise<string> => {
    const [program = "", ...args] =
      splitWords(packageJson.scripts[script].replace(/ && .*/, "").replaceAll('\\"', '"')) ?? [];
    const bin = join(repository, "node_modules", ".bin", program);
    try {
      await promisify(execFile)(process.execPath, [bin, ...args], { cwd: folder });
      return "passed";
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      return stdout + stderr;
    }
  };
  const put = (file: string, content: string): void => {
    writeFileSync(join(folder, file), content);
  };

  it("find a secret, in a hidden file too", async () => {
    for (const file of [".secretlintrc.json", ".gitignore"])
      put(file, readFileSync(join(repository, file), "utf8"));
    put("innocent.ts", "export const x = 1;\n");
    expect(await run("secrets")).to.equal("passed");
    // Put together, so that the scan of this repository does not find it here.
    put(".env", `TOKEN=ghp_${"x9Yk2LmQ7c".repeat(4).slice(0, 36)}\n`);
    expect(await run("secrets"))
      .to.include("GitHub")
      .and.include(".env");
  });

  it("find a package from a strange place, and one by a weak checksum", async () => {
    const lockfile = JSON.parse(readFileSync(join(repository, "package-lock.json"), "utf8")) as {
      packages: Record<string, { resolved?: string; integrity?: string }>;
    };
    const change = (changes: object): void => {
      const packages = { ...lockfile.packages };
      packages["node_modules/ajv"] = { ...packages["node_modules/ajv"], ...changes };
      put("package-lock.json", JSON.stringify({ ...lockfile, packages }));
    };
    change({});
    expect(await run("lockfile")).to.equal("passed");
    change({ resolved: "https://packages.example/ajv-8.20.0.tgz" });
    expect(await run("lockfile")).to.include("packages.example");
    change({ resolved: "http://packages.example/ajv-8.20.0.tgz" });
    expect(await run("lockfile")).to.include("http:");
    change({ integrity: "sha1-x" });
    expect(await run("lockfile")).to.include("ajv");
  });
});
