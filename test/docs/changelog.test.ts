import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import packageJson from "../../package.json" with { type: "json" };
import { repository } from "./documents.ts";

describe("npm run changelog", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "changelog-"));
    git("init", "--quiet");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const git = (...args: readonly string[]): void => {
    execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@example.com", ...args], { cwd: folder });
  };
  const commit = (message: string, day: string): void => {
    const at = `${day}T12:00:00Z`;
    execFileSync(
      "git",
      ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--allow-empty", "-qm", message],
      // eslint-disable-next-line no-restricted-syntax -- git has to be found
      { cwd: folder, env: { ...process.env, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at } },
    );
  };

  it("lists what conventional commits have added, changed and fixed, newest first, and nothing else", () => {
    commit("feat(handler): the first thing\n\nWhy it is there.", "2026-01-02");
    commit("wip", "2026-01-03");
    commit("test(handler): nobody's concern", "2026-01-04");
    commit("feat(ops)!: the second thing", "2026-01-05");
    commit("fix: a fault", "2026-01-06");
    commit("refactor(envs)!: another name", "2026-01-07");
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "one", version: "1.0.0" }));
    const [program = "", ...args] = packageJson.scripts.changelog.split(" ");
    execFileSync(
      join(repository, "node_modules", ".bin", program),
      args.map((arg) => arg.replace("./", repository)),
      { cwd: folder, stdio: "pipe" },
    );
    expect(
      readFileSync(join(folder, "CHANGELOG.md"), "utf8")
        .trim()
        .split(/\n{2,}/),
    ).to.deep.equal([
      "# Changelog",
      "Written by `npm run changelog` from the commits, newest first.",
      "### ⚠ BREAKING CHANGES",
      "* **envs:** another name\n* **ops:** the second thing",
      "### Added",
      "- 2026-01-05 **ops**: the second thing\n- 2026-01-02 **handler**: the first thing",
      "### Fixed",
      "- 2026-01-06 a fault",
      "### Changed",
      "- 2026-01-07 **envs**: another name",
    ]);
  });
});
