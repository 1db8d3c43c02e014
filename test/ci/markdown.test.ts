import { expect } from "chai";
import fc from "fast-check";
import { marked, type Token } from "marked";
import { blockInMarkdown, codeInMarkdown, textInMarkdown } from "../../ci/markdown.ts";
import { CONTROLS, hostileMarkdown } from "./hostile-markdown.ts";
import { kindsIn } from "./kinds-in-markdown.ts";

/** Of another issue or pull request: GitHub links it, and writes there that it was mentioned. */
const REFERENCE = /#\d|\bgh-\d/i;

/** What GitHub looks for references in: escapes are gone by then. */
const asRead = (markdown: string): string => markdown.replaceAll(/\\([!-/:-@[-`{-~])/g, "$1");

describe("text in Markdown", () => {
  it("is one piece of code, and in a table one cell", () => {
    fc.assert(
      fc.property(hostileMarkdown, (text) => {
        const code = codeInMarkdown(text);
        expect([...kindsIn(`x ${code} y`)].sort()).to.deep.equal(["codespan", "paragraph", "text"]);
        const [table] = marked.lexer(`| a | b |\n| --- | --- |\n| ${code} | end |`);
        expect(table).to.have.property("type", "table");
        const { rows } = table as unknown as { rows: { text: string; tokens: Token[] }[][] };
        expect(rows).to.have.length(1);
        expect(rows[0]?.[1]?.text).to.equal("end");
        expect(rows[0]?.[0]?.tokens.map(({ type }) => type)).to.deep.equal(["codespan"]);
        expect(code).not.to.match(CONTROLS);
      }),
      { numRuns: 2000 },
    );
  });

  it("is one block, whatever fences are in it", () => {
    fc.assert(
      fc.property(hostileMarkdown, (text) => {
        const kinds = marked
          .lexer(`before\n\n${blockInMarkdown(text)}\n\nafter`)
          .map(({ type }) => type)
          .filter((type) => type !== "space");
        expect(kinds).to.deep.equal(["paragraph", "code", "paragraph"]);
        expect(blockInMarkdown(text)).not.to.match(CONTROLS);
      }),
      { numRuns: 2000 },
    );
  });

  it("is words in a sentence: no mention, link, image, heading, HTML or line of its own", () => {
    fc.assert(
      fc.property(hostileMarkdown, (text) => {
        const words = textInMarkdown(text);
        const kinds = kindsIn(`x ${words} y`);
        for (const kind of kinds) expect(["paragraph", "text", "escape"]).to.include(kind);
        expect(words).not.to.match(/@[A-Za-z0-9]/);
        expect(asRead(words), "an issue's number").not.to.match(REFERENCE);
        expect(words).not.to.match(CONTROLS);
        expect(words).not.to.include("\n");
      }),
      { numRuns: 2000 },
    );
  });

  it("would be found by these tests if it were not escaped", () => {
    expect([...kindsIn("x [y](https://evil.example) y")]).to.include("link");
    expect([...kindsIn("x www.evil.example y")]).to.include("link");
    expect([...kindsIn("x <img src=x> y")]).to.include("html");
    expect([...kindsIn("x\n# y")]).to.include("heading");
    for (const text of ["see \\#26", "owner/repo\\#26", "GH\\-26"]) expect(asRead(text)).to.match(REFERENCE);
  });

  it("is still read as it was written", () => {
    expect(codeInMarkdown("tenant-acme")).to.equal("`tenant-acme`");
    expect(textInMarkdown("Errors since the release, 50% of all")).to.equal(
      "Errors since the release, 50% of all",
    );
    expect(codeInMarkdown("a\u001b[2Jb")).to.equal("`a\\u001b[2Jb`");
  });
});
