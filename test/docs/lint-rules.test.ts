import { expect } from "chai";
import { Linter } from "eslint";

const CONFIG = new URL("../../eslint.config.mjs", import.meta.url).href;

const { default: config } = (await import(CONFIG)) as { default: readonly Linter.Config[] };

/** What this repository's own restrictions say of a source. */
const complaintsAbout = (source: string): readonly string[] => {
  const rule = config.find(({ files, rules }) => files === undefined && rules?.["no-restricted-syntax"])
    ?.rules?.["no-restricted-syntax"];
  if (rule === undefined) throw new Error("eslint.config.mjs restricts no syntax");
  return new Linter()
    .verify(source, { rules: { "no-restricted-syntax": rule } })
    .map(({ message }) => message);
};

describe("npm run lint", () => {
  for (const source of [
    "f({ ...(x === undefined ? {} : { x }) });",
    "f({ ...(x !== undefined ? { x } : {}) });",
    "f({ y, ...(o.x === undefined ? {} : { x: o.x }) });",
  ])
    it(`refuses a property that is left out when it is undefined: ${source}`, () => {
      expect(complaintsAbout(source)).to.have.length(1);
      expect(complaintsAbout(source)[0]).to.include("Set the property to undefined");
    });

  it("refuses to read the environment anywhere but at the edge", () => {
    expect(complaintsAbout("f(process.env);")[0]).to.include("Read the environment at the edge");
  });

  for (const source of [
    "f({ x });",
    "f([...(x === undefined ? [] : [x])]);",
    "f({ ...(isOpen ? { x } : {}) });",
  ])
    it(`allows ${source}`, () => {
      expect(complaintsAbout(source)).to.deep.equal([]);
    });
});
