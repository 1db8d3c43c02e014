import { expect } from "chai";
import sinon from "sinon";
import { COMMANDS } from "../ops/every-command.ts";
import { dev, healthyDev, identityIn } from "../ops/healthy-dev.ts";
import { createTerminal, run } from "../ops/run.ts";

describe("a sign of life", () => {
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => {
    clock = sinon.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    clock.restore();
  });

  /** Runs a command whose first request is answered after that many seconds; all that it then asks is refused. */
  const runSlowly = async (commandLine: string, seconds: number, more: object = {}) => {
    let answer: () => void = () => undefined;
    let isAsked: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const done = run(commandLine, {
      answers: {
        ...healthyDev(),
        GetCallerIdentityCommand: () =>
          new Promise<object>((resolve) => {
            isAsked();
            answer = () => {
              resolve({ Account: "111111111111", Arn: "arn" });
            };
          }),
      },
      startProgram: () => Promise.resolve(1),
      ...more,
    });
    await asked;
    await clock.tickAsync(seconds * 1000);
    answer();
    return done;
  };

  for (const [command, args] of Object.entries(COMMANDS))
    for (const json of ["", " --json"])
      it(`comes on the error stream within 10 seconds: ${command}${json}`, async () => {
        const { stdout, stderr } = await runSlowly(`${command} ${args}${json}`, 25);
        expect(stderr.split("\n").slice(0, 2)).to.deep.equal([
          "AWS account: still running, nothing new for 10 s",
          "AWS account: still running, nothing new for 20 s",
        ]);
        expect(stdout).to.not.include("still running");
        expect(clock.countTimers(), "timers left").to.equal(0);
      });

  it("does not come before, and not in a list that moves", async () => {
    expect((await runSlowly("verify dev --json", 9)).stderr).to.equal("");
    const { stream, drawn } = createTerminal();
    const { stderr } = await runSlowly("verify dev", 25, { terminal: { stdout: stream, stderr: stream } });
    expect(stderr + drawn()).to.not.include("still running");
  });

  it("does not come from what waits for news", async () => {
    const interruption = new AbortController();
    const done = run("logs dev --follow --json", {
      answers: {
        ...identityIn(dev.accountId),
        FilterLogEventsCommand: () => ({ events: [] }),
        StartLiveTailCommand: () => ({
          responseStream: { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) },
        }),
      },
      signal: interruption.signal,
    });
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    await clock.tickAsync(60_000);
    interruption.abort();
    expect((await done).stderr).to.equal("following by CloudWatch's live tail, until Ctrl-C\n");
  });
});
