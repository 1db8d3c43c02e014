import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { Linter, type Rule } from "eslint";
import { builtFunction } from "./built-function.ts";

/** Of what `module.exports = { … }` exports, the variables that a function assigns: what requires the file would not see it. */
const assignedInFunctions: Rule.RuleModule = {
  create: (context) => ({
    "AssignmentExpression[left.object.name='module'] > ObjectExpression > Property > Identifier.value"(
      node: Rule.Node & { name: string },
    ) {
      const scope = context.sourceCode.getScope(node);
      for (const { from, identifier } of scope.set
        .get(node.name)
        ?.references.filter((use) => use.isWrite()) ?? [])
        if (from.variableScope !== scope) context.report({ node: identifier, message: node.name });
    },
  }),
};

const findAssigned = (code: string): string[] =>
  new Linter()
    .verify(code, [
      {
        files: ["**"],
        plugins: { own: { rules: { "assigned-in-functions": assignedInFunctions } } },
        rules: { "own/assigned-in-functions": "error" },
        languageOptions: { sourceType: "commonjs" },
      },
    ])
    .map(({ message }) => message);

/** index.js exports values, not getters (build/common-js-files.ts). */
describe("what index.js exports for the files that it requires on demand", () => {
  it("is never assigned again", async () => {
    const code = await readFile((await builtFunction()).bundlePath, "utf8");
    expect(code).to.match(/;module\.exports=\{[^}]*handler:[\w$]+[^}]*\};\n$/);
    expect(findAssigned(code)).to.deep.equal([]);
  });

  it("would be told here by its name, but for variables of that name elsewhere", () => {
    expect(
      findAssigned(
        "var a=1,b=2,c=3;c=4;function f(){a=5}(b=>{b=6})();(()=>{c++})();module.exports={x:a,y:b,z:c};",
      ),
    ).to.deep.equal(["a", "c"]);
  });
});
