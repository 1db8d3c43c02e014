import usedConditionParser, { type Parse } from "dynalite/db/conditionParser.js";
import usedUpdateParser from "dynalite/db/updateParser.js";
import { expect } from "chai";
import { createRequire } from "node:module";
import { parseOnce } from "../../local/parse-once.ts";
import { createTenantTable } from "../../local/tenant-table.ts";

/** dynalite's parser as it is: what this process uses may parse once already, as a table was opened in it. */
const loadAnew = (file: string): { readonly parse: Parse } => {
  const require = createRequire(import.meta.url);
  const path = require.resolve(file);
  const used = require.cache[path];
  Reflect.deleteProperty(require.cache, path);
  try {
    return require(path) as { parse: Parse };
  } finally {
    require.cache[path] = used;
  }
};

const conditionParser = loadAnew("dynalite/db/conditionParser.js");
const updateParser = loadAnew("dynalite/db/updateParser.js");

interface Case {
  readonly text: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Parses with what dynalite's validation puts in. */
const parseWith = (parse: Parse, { text, names = {}, values = {} }: Case): unknown => {
  const context = {
    attrNames: names,
    attrVals: values,
    unusedAttrNames: Object.fromEntries(Object.keys(names).map((name) => [name, true as const])),
    unusedAttrVals: Object.fromEntries(Object.keys(values).map((name) => [name, true as const])),
    isReserved: (name: string) => name.toUpperCase() === "STATUS",
    compare: (_comparison: string, x: { S: string }, y: { S: string }) => x.S > y.S,
  };
  const syntax = textOfError(() => parse(text, { context }));
  return { syntax, unusedNames: context.unusedAttrNames, unusedValues: context.unusedAttrVals };
};

/** dynalite answers with what the parser throws, too. */
const textOfError = (parse: () => unknown): unknown => {
  try {
    return parse();
  } catch (error) {
    return String(error);
  }
};

/** Each is as the parser itself has it, whatever was parsed before. */
const expectTheSame = (parse: Parse, cases: readonly Case[]): void => {
  const once = parseOnce(parse);
  for (const each of [...cases, ...cases])
    expect(parseWith(once, each), JSON.stringify(each)).to.deep.equal(parseWith(parse, each));
};

describe("Parsing once", () => {
  it("is how the table of npm start parses", () => {
    const used = [usedConditionParser.parse, usedUpdateParser.parse];
    usedConditionParser.parse = conditionParser.parse;
    usedUpdateParser.parse = updateParser.parse;
    try {
      createTenantTable("tenants", "services");
      expect(usedConditionParser.parse).to.not.equal(conditionParser.parse);
      expect(usedUpdateParser.parse).to.not.equal(updateParser.parse);
    } finally {
      [usedConditionParser.parse, usedUpdateParser.parse] = used as [Parse, Parse];
    }
  });

  it("parses an expression once, whatever its values are", () => {
    let parsed = 0;
    const once = parseOnce((text, options) => {
      parsed++;
      return conditionParser.parse(text, options);
    });
    for (const at of ["2026-03-01T10:00:01Z", "2026-03-01T10:00:02Z", "2026-03-01T10:00:03Z"])
      parseWith(once, { text: "#a < :at", names: { "#a": "last" }, values: { ":at": { S: at } } });
    expect(parsed).to.equal(1);
  });

  it("says of conditions what dynalite's parser says", () => {
    const [names, text] = [{ "#a": "a", "#b": "b" }, "(#a = :x OR #a.#b IN (:x, :y)) AND NOT size(#b) > :y"];
    expectTheSame(conditionParser.parse, [
      { text, names, values: { ":x": { S: "one" }, ":y": { N: "1" } } },
      { text, names, values: { ":x": { S: "two" }, ":y": { N: "2" } } },
      { text, names, values: { ":x": { N: "3" }, ":y": { N: "2" } } },
      { text, names: { "#a": "b", "#b": "c" }, values: { ":x": { S: "one" }, ":y": { N: "1" } } },
      { text: "#a = :x", names, values: { ":x": { S: "one" }, ":y": { N: "1" } } },
      { text: "#a = :x", names, values: { ":x": { S: "two" }, ":y": { N: "1" } } },
      { text: "#a = #c", names },
      { text: "#b = :x OR #b = :y", names, values: { ":x": { S: "one" }, ":y": { N: "1" } } },
      { text: "#b = :x OR #b = :y", names: { "#a": "a" }, values: { ":x": { S: "one" }, ":y": { N: "1" } } },
      { text: "#b = :x OR #b = :y", names, values: { ":x": { S: "one" } } },
      { text: "#a = (", names },
      { text: "status = :x", values: { ":x": { S: "one" } } },
    ]);
  });

  it("looks at the type that attribute_type names, and at the bounds of BETWEEN, each time", () => {
    const [names, ofType] = [{ "#a": "a" }, "attribute_type(#a, :x)"];
    const between = "#a BETWEEN :x AND :y";
    expectTheSame(conditionParser.parse, [
      ...["M", "NULL", "Q", "NULLS"].map((type) => ({ text: ofType, names, values: { ":x": { S: type } } })),
      { text: "begins_with(#a, :x)", names, values: { ":x": { S: "acme" } } },
      { text: "begins_with(#a, :x)", names, values: { ":x": { N: "1" } } },
      { text: between, names, values: { ":x": { S: "aaaaa" }, ":y": { S: "bbbbb" } } },
      { text: between, names, values: { ":x": { S: "bbbbb" }, ":y": { S: "aaaaa" } } },
    ]);
  });

  it("says of updates what dynalite's parser says", () => {
    const names = { "#a": "a", "#b": "b", "#c": "c" };
    const text = "SET #a = if_not_exists(#a, :x), #b.#a = :y REMOVE #c ADD revision :y";
    expectTheSame(updateParser.parse, [
      { text, names, values: { ":x": { M: { a: { S: "one" } } }, ":y": { N: "1" } } },
      { text, names, values: { ":x": { M: {} }, ":y": { N: "2" } } },
      { text, names, values: { ":x": { M: {} }, ":y": { S: "two" } } },
      { text: "SET #a = :x, #a = :y", names, values: { ":x": { M: {} }, ":y": { N: "2" } } },
    ]);
  });

  it("gives each caller a copy of its own, for dynalite writes into it", () => {
    const once = parseOnce(updateParser.parse);
    const update = { text: "SET #a = :x", names: { "#a": "a" }, values: { ":x": { S: "one" } } };
    const { syntax } = parseWith(once, update) as { syntax: { sections: { val: unknown }[] } };
    for (const section of syntax.sections) section.val = "spoilt";
    expect(parseWith(once, update)).to.deep.equal(parseWith(updateParser.parse, update));
  });
});
