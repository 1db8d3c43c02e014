import { expect } from "chai";
import { statementsOf } from "../../../ops/aws/policy-statements.ts";

describe("the statements of a resource's policy", () => {
  it("are a list, or one by itself", () => {
    expect(statementsOf('{"Statement":[{"Sid":"a"},{"Sid":"b"}]}')).to.deep.equal([
      { Sid: "a" },
      { Sid: "b" },
    ]);
    expect(statementsOf('{"Statement":{"Sid":"a"}}')).to.deep.equal([{ Sid: "a" }]);
  });

  it("are none where there is no policy, or none that can be read", () => {
    for (const policy of [undefined, "", "not JSON", "null", "[]", "{}", '{"Statement":["a",null]}'])
      expect(statementsOf(policy), policy).to.deep.equal([]);
  });
});
