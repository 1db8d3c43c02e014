import { expect } from "chai";
import { ObstacleError } from "../../../checklist/errors.ts";
import { startProgram } from "../../../ops/cli/start-program.ts";

/** Runs a script in a Node of its own. */
const start = async (script: string, { isForPeople = true, interruption = new AbortController() } = {}) => {
  let written = "";
  const exitCode = await startProgram(process.execPath, ["-e", script], {
    output: {
      write: (text) => {
        written += text;
        if (written.includes("ready")) interruption.abort();
      },
    },
    isForPeople,
    signal: interruption.signal,
  });
  return { exitCode, written };
};

describe("a program that a command starts", () => {
  it("shows all it writes, and hands on its exit code", async () => {
    const { exitCode, written } = await start(
      'console.log("out"); console.error("err"); process.exitCode = 4',
    );
    expect(exitCode).to.equal(4);
    expect(written).to.include("out\n").and.to.include("err\n");
  });

  it("is the one that TERRAFORM_BINARY_NAME names where Terraform is asked for", async () => {
    let written = "";
    const options = {
      output: { write: (text: string) => (written += text) },
      isForPeople: true,
      signal: new AbortController().signal,
    };
    const variables = { TERRAFORM_BINARY_NAME: process.execPath };
    expect(await startProgram("terraform", ["-p", "6 * 7"], { ...options, variables })).to.equal(0);
    expect(written).to.equal("42\n");
    const missing = await startProgram("terraform", ["plan"], {
      ...options,
      variables: { TERRAFORM_BINARY_NAME: "no-such-tofu" },
    }).catch((error: unknown) => error);
    expect(missing)
      .to.be.instanceOf(ObstacleError)
      .with.property("message")
      .that.includes("no-such-tofu cannot be started");
  });

  it("shows characters whole that come in pieces", async () => {
    const { written } = await start(
      'process.stdout.write(Buffer.from("a\\u00fc").subarray(0, 2), () => setImmediate(() => process.stdout.write(Buffer.from("\\u00fcb").subarray(1))))',
    );
    expect(written).to.equal("a\u00fcb");
  });

  it("reaches people's terminals with nothing live, and the command that reads it as it is", async () => {
    const script = 'process.stdout.write("\\u001b[2Ja\\tb")';
    expect((await start(script)).written).to.equal("\\u001b[2Ja\tb");
    expect((await start(script, { isForPeople: false })).written).to.equal("\u001b[2Ja\tb");
  });

  it("is asked once to stop, and waited for", async () => {
    const { exitCode, written } = await start(`
      let interrupts = 0;
      const running = setInterval(() => {}, 1000);
      process.on("SIGINT", () => {
        interrupts++;
        clearInterval(running);
      });
      process.on("exit", () => console.log("state saved after", interrupts));
      console.log("ready");
    `);
    expect(exitCode).to.equal(0);
    expect(written).to.include("state saved after 1");
  });

  it("is asked to stop together with the programs that it started", async () => {
    const started = `
      process.on("SIGINT", () => { console.log("started: interrupted"); process.exit(0); });
      setInterval(() => {}, 1000);
      console.log("ready");`;
    const { exitCode, written } = await start(`
      process.on("SIGINT", () => {});
      require("node:child_process")
        .spawn(process.execPath, ["-e", ${JSON.stringify(started)}], { stdio: "inherit" })
        .on("exit", () => { process.exitCode = 7; });
    `);
    expect(written).to.include("started: interrupted");
    expect(exitCode).to.equal(7);
  });

  it("counts as failed when a signal ended it", async () => {
    expect((await start('process.kill(process.pid, "SIGKILL")')).exitCode).to.equal(1);
  });

  it("is missed in one sentence when it is not there", async () => {
    const error: unknown = await startProgram("no-such-program", [], {
      output: { write: () => true },
      isForPeople: true,
      signal: new AbortController().signal,
    }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(ObstacleError);
    expect(error)
      .to.have.property("message")
      .that.matches(/^no-such-program cannot be started: /);
  });
});
