import { expect } from "chai";
import { givenOptions } from "../../ci/given-options.ts";

describe("givenOptions", () => {
  it("leaves out the options of inputs that were left empty", () => {
    expect(givenOptions(["ops", "rollback", "dev", "--to=", "--reason=it fails"])).to.deep.equal([
      "ops",
      "rollback",
      "dev",
      "--reason=it fails",
    ]);
  });

  it("gives the option of a checkbox when it was ticked, and not when it was not", () => {
    expect(givenOptions(["--confirm-window=true"])).to.deep.equal(["--confirm-window"]);
    expect(givenOptions(["--confirm-window=false"])).to.deep.equal([]);
  });

  it("leaves all else alone, whatever it looks like", () => {
    const args = ["--reason=a=", "--reason=--to=", "--reason=true story", "x", "--json", "--to=7"];
    expect(givenOptions(args)).to.deep.equal(args);
  });
});
