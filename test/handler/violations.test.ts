import { expect } from "chai";
import type { ErrorObject } from "ajv";
import { listViolations } from "../../handler/violations.ts";

const error = (parts: Partial<ErrorObject>): ErrorObject => ({
  instancePath: "/a",
  schemaPath: "",
  keyword: "type",
  params: {},
  ...parts,
});

describe("the violations of a schema", () => {
  it("are none without errors", () => {
    expect(listViolations(undefined, "it")).to.deep.equal([]);
    expect(listViolations(null, "it")).to.deep.equal([]);
  });

  it("say where and what", () => {
    expect(
      listViolations([error({ message: "must be string" }), error({ instancePath: "" })], "it"),
    ).to.deep.equal(["/a must be string", "it is not valid"]);
  });

  it("name a refused property once", () => {
    const twice = [
      error({ propertyName: "constructor", message: "must NOT be valid" }),
      error({ keyword: "propertyNames", params: { propertyName: "constructor" } }),
    ];
    expect(listViolations(twice, "it")).to.deep.equal(['/a must not have a property named "constructor"']);
  });

  it("are counted beyond fifty", () => {
    const many = (count: number): string[] =>
      listViolations(
        Array.from({ length: count }, () => error({ message: "m" })),
        "it",
      );
    expect(many(50)).to.deep.equal(Array.from({ length: 50 }, () => "/a m"));
    expect(many(52).slice(49)).to.deep.equal(["/a m", "and 2 more"]);
  });
});
