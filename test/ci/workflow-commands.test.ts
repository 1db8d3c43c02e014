import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundledProgram } from "../bundled-program.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Terraform prints the names and values of resources as they are: here two lines that are commands to GitHub's runner. */
const TERRAFORM = "#!/bin/sh\nprintf '%s\\n' 'x' '::add-mask::a' '  ::error::boo'\nexit 1\n";

/** The commands that GitHub's runner obeys in a log. */
const obeyed = (log: string): string[] => {
  let token: string | undefined;
  const commands: string[] = [];
  for (const line of log.split("\n").map((text) => text.trimStart())) {
    if (token !== undefined) {
      if (line === `::${token}::`) token = undefined;
    } else if (line.startsWith("::stop-commands::")) token = line.slice("::stop-commands::".length);
    else if (line.startsWith("::")) commands.push(line);
  }
  return commands;
};

describe("a step's log", () => {
  let home: string;
  let ci: string;
  before(async () => {
    ci = await bundledProgram("ci/main.ts");
    home = mkdtempSync(join(tmpdir(), "commands-"));
    writeFileSync(join(home, "terraform"), TERRAFORM, { mode: 0o755 });
  });
  after(() => {
    rmSync(home, { recursive: true });
  });

  /** All that a step prints, in the order in which it does, as the runner reads it. */
  const logOf = (variables: Readonly<Record<string, string>>, ...args: readonly string[]): string =>
    spawnSync("bash", ["-c", 'exec node "$@" 2>&1', "step", ci, ...args], {
      cwd: repository,
      encoding: "utf8",
      env: {
        // eslint-disable-next-line no-restricted-syntax -- programs are found by it
        PATH: [home, process.env["PATH"]].join(delimiter),
        HOME: home,
        PULL_REQUEST: "12",
        HEAD_SHA: "0123456789abcdef0123456789abcdef01234567",
        GITHUB_SERVER_URL: "https://github.example",
        GITHUB_REPOSITORY: "owner/repo",
        GITHUB_RUN_ID: "42",
        ...variables,
      },
    }).stdout;

  it("has no line that GitHub obeys, whatever a program prints", () => {
    const log = logOf({ GITHUB_ACTIONS: "true" }, "plan", "dev");
    expect(log, "is printed").to.match(/^::add-mask::a$/m);
    expect(obeyed(log)).to.deep.equal([]);
  });

  it("would have them without the words that stop it", () => {
    expect(obeyed(logOf({}, "plan", "dev"))).to.deep.equal(["::add-mask::a", "::error::boo"]);
  });

  it("stops them by a word that nobody can know, and lets them in again at the end", () => {
    const logs = [1, 2].map(() => logOf({ GITHUB_ACTIONS: "true" }, "ops", "--help"));
    const tokens = logs.map((log) => {
      const [, token = ""] = /^::stop-commands::([0-9a-f-]{36})\n[^]*\n::\1::\n$/.exec(log) ?? [];
      return token;
    });
    expect(tokens).to.not.include("");
    expect(new Set(tokens).size).to.equal(2);
  });
});
