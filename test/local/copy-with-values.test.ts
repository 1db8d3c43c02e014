import { expect } from "chai";
import { copierWithValues } from "../../local/copy-with-values.ts";

const [ONE, TWO] = [{ S: "one" }, { S: "two" }];

describe("Copying a syntax with other values in it", () => {
  it("puts values where the parsed request's were, and nowhere else", () => {
    const syntax = { args: [["a", 1, null, undefined, "two\u2028`${x}"], ONE, { S: "one" }], ':"x': ONE };
    const copy = copierWithValues(syntax, new Map([[ONE, ':"x']]));
    expect(copy({ ':"x': TWO })).to.deep.equal({
      args: [["a", 1, null, undefined, "two\u2028`${x}"], TWO, { S: "one" }],
      ':"x': TWO,
    });
  });

  it("makes another copy each time", () => {
    const copy = copierWithValues({ args: [["a"]] }, new Map()) as () => { args: string[][] };
    copy().args[0]?.push("spoilt");
    expect(copy()).to.deep.equal({ args: [["a"]] });
  });

  it("copies an object without a prototype as such, and __proto__ as a name as any other", () => {
    const heads = Object.assign(Object.create(null) as object, { a: true });
    Object.defineProperty(heads, "__proto__", { value: true, enumerable: true });
    const copy = copierWithValues({ heads }, new Map())({}) as { heads: object };
    expect(Object.getPrototypeOf(copy.heads) as unknown).to.equal(null);
    expect(Object.entries(copy.heads)).to.deep.equal([
      ["a", true],
      ["__proto__", true],
    ]);
    expect(Object.getPrototypeOf(copy) as unknown).to.equal(Object.prototype);
  });
});
