import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";

/** Says what it hears, and goes on. */
const PROGRAM = `
  import { onInterruption } from "./checklist/interruption.ts";
  onInterruption((signal) => { console.log(signal); });
  setInterval(() => undefined, 1000);
  console.log("ready");
`;

describe("An interruption", () => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    it(`is heard at the first ${signal}, and the second ends the process`, async () => {
      const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", PROGRAM], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const said = async (): Promise<string> => String((await once(child.stdout, "data"))[0]).trim();
      try {
        expect(await said()).to.equal("ready");
        const ended = once(child, "exit");
        child.kill(signal);
        expect(await said()).to.equal(signal);
        child.kill(signal);
        expect(await ended).to.deep.equal([null, signal]);
      } finally {
        child.kill("SIGKILL");
      }
    });
});
