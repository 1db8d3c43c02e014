import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Plans as Terraform does when it is interrupted: it finishes what it is at, saves its state and releases the lock. Until
 * the test lets it, it does not finish.
 */
const STAND_IN = `#!/usr/bin/env node
const { appendFileSync, existsSync, writeFileSync, rmSync } = require("node:fs");
const file = (name) => process.env.STAND_IN + "/" + name;
if (process.argv[2] === "plan") {
  writeFileSync(file("lock"), "");
  process.on("SIGINT", () => appendFileSync(file("signals"), "SIGINT "));
  process.on("SIGTERM", () => appendFileSync(file("signals"), "SIGTERM "));
  writeFileSync(file("started"), "");
  const running = setInterval(() => {
    if (!existsSync(file("finish"))) return;
    clearInterval(running);
    writeFileSync(file("state"), "");
    rmSync(file("lock"));
    process.exitCode = 1;
  }, 20);
}
`;

describe("a job that is cancelled", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cancelled-"));
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin", "terraform"), STAND_IN);
    chmodSync(join(folder, "bin", "terraform"), 0o755);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const file = (name: string): string => join(folder, name);
  const appears = async (name: string, content = ""): Promise<void> => {
    const watcher = watch(folder);
    try {
      while (!(existsSync(file(name)) && readFileSync(file(name), "utf8").includes(content)))
        await once(watcher, "change");
    } finally {
      watcher.close();
    }
  };

  /** A step of a workflow, as GitHub's runner runs it; it signals the shell and nothing else. */
  const startStep = (run: string) => {
    writeFileSync(file("step.sh"), run);
    const shell = spawn("bash", ["-e", file("step.sh")], {
      cwd: repository,
      env: {
        // eslint-disable-next-line no-restricted-syntax -- programs are found by it
        PATH: [file("bin"), process.env["PATH"]].join(delimiter),
        HOME: folder,
        STAND_IN: folder,
        PULL_REQUEST: "12",
        HEAD_SHA: "0123456789abcdef0123456789abcdef01234567",
        GITHUB_SERVER_URL: "https://github.example",
        GITHUB_REPOSITORY: "owner/repo",
        GITHUB_RUN_ID: "42",
        GITHUB_STEP_SUMMARY: file("summary"),
        TF_CLI_CONFIG_FILE: "/dev/null",
      },
      stdio: ["ignore", "pipe", "ignore"],
    });
    shell.stdout.resume();
    // The end of the output is that of every process which the step has started.
    return { shell, ended: once(shell, "exit"), allEnded: once(shell.stdout, "close") };
  };

  it("lets Terraform save its state and release the lock, interrupts it once, and ends with 130", async () => {
    const { shell, ended } = startStep("exec node --import tsx ci/main.ts plan dev\n");
    await appears("started");
    shell.kill("SIGINT");
    await appears("signals", "SIGINT");
    // 7.5 s later, for a step that has not ended by then.
    shell.kill("SIGTERM");
    writeFileSync(file("finish"), "");
    expect(await ended).to.deep.equal([130, null]);
    expect(readFileSync(file("signals"), "utf8")).to.equal("SIGINT ");
    expect(existsSync(file("state")), "state").to.be.true;
    expect(existsSync(file("lock")), "lock").to.be.false;
  });

  it("would not reach Terraform by way of npm, which is why the shell is replaced by the program", async () => {
    const { shell, ended, allEnded } = startStep("npm run ci -- plan dev\n");
    await appears("started");
    shell.kill("SIGINT");
    shell.kill("SIGTERM");
    expect((await ended)[0], "ends at once, by the signal").not.to.equal(130);
    expect(existsSync(file("signals")), "Terraform hears of it").to.be.false;
    writeFileSync(file("finish"), "");
    await appears("state");
    await allEnded;
  });
});
