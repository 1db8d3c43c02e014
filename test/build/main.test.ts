import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { REPOSITORY } from "../../build/handler-bundle.ts";

const run = promisify(execFile);
const build = (...options: string[]): Promise<{ stdout: string; stderr: string }> =>
  run(process.execPath, ["--import", "tsx", "build/main.ts", ...options], { cwd: REPOSITORY });

describe("npm run build", () => {
  it("says what it built, and with --analyze what that consists of", async () => {
    const { stdout } = await build("--analyze");
    expect(stdout).to.match(/^dist\/handler\/index\.js {2}\d+\.\d kB$/m);
    expect(stdout).to.match(/^dist\/handler\.zip {2}\d+\.\d kB {2}CodeSha256 [A-Za-z0-9+/]{43}=$/m);
    expect(stdout).to.match(/^package +modules +bytes *$/m);
    expect(stdout).to.match(/^@smithy\/core +\d+ +\d+ *$/m);
  });

  it("refuses an option that it does not know, without a stack trace", async () => {
    const failure = await build("--analyse").then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).to.include({ code: 2 });
    expect(failure)
      .to.have.property("stderr")
      .that.matches(/^Unknown option '--analyse'.*\n$/);
  });
});
