import { expect } from "chai";
import { describeProgress } from "../../checklist/check-line.ts";

describe("how far a check is", () => {
  it("is a bar where it is known of how many", () => {
    expect(describeProgress({ done: 5, total: 20, text: "tenants" })).to.equal(
      "[#####---------------] 5/20 tenants",
    );
  });

  it("is no bar where nobody knows: a full one would say that it is done", () => {
    expect(describeProgress({ done: 1, total: undefined, text: "tenants read" })).to.equal("1 tenants read");
  });
});
