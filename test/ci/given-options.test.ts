import { expect } from "chai";
import { Command } from "@commander-js/extra-typings";
import { flagsOf, givenOptions } from "../../ci/given-options.ts";
import { operatorFlags } from "../../ci/operator-flags.ts";

describe("givenOptions", () => {
  const given = (args: readonly string[]): string[] => givenOptions(args, operatorFlags());

  it("leaves out the options of inputs that were left empty", () => {
    expect(given(["ops", "rollback", "dev", "--to=", "--reason=it fails"])).to.deep.equal([
      "ops",
      "rollback",
      "dev",
      "--reason=it fails",
    ]);
  });

  it("gives the option of a checkbox when it was ticked, and not when it was not", () => {
    expect(given(["--confirm-window=true"])).to.deep.equal(["--confirm-window"]);
    expect(given(["--confirm-window=false"])).to.deep.equal([]);
  });

  it("takes a reason as text, whatever it says", () => {
    const reasons = ["--reason=true", "--reason=false", "--reason=7", "--reason=--to=", "--reason=a=true"];
    expect(given(reasons)).to.deep.equal(reasons);
  });

  it("leaves all else alone, whatever it looks like", () => {
    const args = ["--reason=a=", "--reason=true story", "x", "--json", "--to=7", "--unknown=true"];
    expect(given(args)).to.deep.equal(args);
  });

  it("knows the flags of subcommands, and which options take a value", () => {
    const program = new Command().option("--quiet");
    program.command("sub").option("--force").option("--to <n>").option("--count [n]");
    expect([...flagsOf(program)]).to.deep.equal(["--quiet", "--force"]);
    expect([...operatorFlags()]).to.include.members(["--json", "--dry-run", "--confirm-window"]);
    expect([...operatorFlags()]).to.not.include("--reason");
  });
});
