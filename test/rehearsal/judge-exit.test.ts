import { expect } from "chai";
import { judgeDeploy, judgeExit } from "../../rehearsal/judge-exit.ts";

describe("how a rehearsed program ended", () => {
  const ended = (exitCode: number, stdout: string, stderr = "") => ({
    exitCode,
    stdout,
    stderr,
    logFile: "/logs/01.log",
  });

  it("is told by what it printed last", () => {
    expect(judgeExit(ended(0, "checks\nverify dev: ok. 9 passed\n"))).to.deep.include({
      outcome: "pass",
      found: "verify dev: ok. 9 passed",
    });
    expect(judgeExit(ended(1, "gate: FAILED"), 1).outcome).to.equal("pass");
  });

  it("is told by what cdktf did before it lists the outputs", () => {
    const deployed = ended(0, "dev  Apply complete! Resources: 1 added\n\n  outputs\n");
    expect(judgeDeploy(deployed)).to.deep.include({ found: "Apply complete! Resources: 1 added" });
  });

  it("is told by Terraform's error, even where another stack was applied", () => {
    const deployed = ended(
      1,
      "state-dev  Apply complete! Resources: 6 added\n" +
        // As cdktf prints it: with colours, and warnings, which are in a box too.
        "access-dev  \u001b[33m╷\u001b[0m\n \u001b[33m│\u001b[0m Warning: Incomplete lock file\n \u001b[33m╵\u001b[0m\n" +
        "access-dev  \u001b[31m╷\u001b[0m\u001b[0m\n \u001b[31m│\u001b[0m \u001b[1m\u001b[31mError: \u001b[0mcreating IAM Role (deploy)\n" +
        "            │ \n            │ refused\n            ╵\n",
    );
    expect(judgeDeploy(deployed)).to.deep.include({
      outcome: "fail",
      found: "exit code 1: Error: creating IAM Role (deploy) refused (log: /logs/01.log)",
    });
  });

  it("is told by an error that went to stderr, and by the checks that failed", () => {
    expect(
      judgeExit(ended(1, "FAIL          Alias: gone\npass          Queue: 0\n", "╷\n│ Error: no\n╵\n")).found,
    ).to.equal("exit code 1: FAIL Alias: gone Error: no (log: /logs/01.log)");
  });
});
