import { expect } from "chai";
import fc from "fast-check";
import { createJsonReporter } from "../../checklist/json-reporter.ts";
import { formatTable } from "../../checklist/table.ts";
import { visibleJson, visibleLines, visibleProgramText, visibleText } from "../../checklist/visible.ts";
import { anyText } from "./any-text.ts";
import { hostileText, LIVE_IN_PROGRAM_TEXT, liveLine } from "./hostile-text.ts";

describe("text from elsewhere", () => {
  it("is shown by its code where a terminal would obey it, and is left as it is otherwise", () => {
    expect(visibleText("\u001b]52;c;eA==\u0007")).to.equal("\\u001b]52;c;eA==\\u0007");
    expect(visibleText("a\nb\u0085c\u202ed\u2028e")).to.equal("a\\u000ab\\u0085c\\u202ed\\u2028e");
    expect(visibleText("\u{e0041}")).to.equal("\\udb40\\udc41");
    expect(visibleText("Kühlschrank 冷蔵庫 🧊 \\u001b")).to.equal("Kühlschrank 冷蔵庫 🧊 \\u001b");
    expect(visibleLines("a\nb\r\n\u001bc")).to.equal("a\nb\\u000d\n\\u001bc");
  });

  it("makes no line, and nothing that is obeyed, whatever it is", () => {
    fc.assert(
      fc.property(fc.oneof(hostileText, anyText()), (text) => {
        expect(liveLine(`>${visibleText(text)}`)).to.be.undefined;
        expect(visibleText(text)).not.to.include("\n");
        expect(liveLine(`>${visibleLines(text).replaceAll("\n", "\n>")}`)).to.be.undefined;
        expect(formatTable(["A"], [[text]]).split("\n")).to.have.length(2);
      }),
    );
  });

  it("keeps the lines and tabs of a program, which goes back in none of them", () => {
    expect(visibleProgramText("a\tb\r\n10 %\r20 %\n\u001b[2Jc\u202e")).to.equal(
      "a\tb\n10 %\n20 %\n\\u001b[2Jc\\u202e",
    );
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(visibleProgramText(text)).not.to.match(LIVE_IN_PROGRAM_TEXT);
      }),
    );
  });

  it("is the same value in JSON, and nothing in it is obeyed", () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom(undefined, 2), (text, indent) => {
        const value = { text, [text]: [text] };
        const json = visibleJson(value, indent);
        expect(JSON.parse(json)).to.deep.equal(value);
        expect(liveLine(json)).to.be.undefined;
      }),
    );
  });

  it("is escaped by what prints JSON", async () => {
    let printed = "";
    const output = { write: (text: string) => (printed += text) };
    await createJsonReporter(output, output).end(
      {
        command: "verify",
        environment: "dev",
        dryRun: false,
        outcome: "fail",
        exitCode: 1,
        interrupted: false,
        checks: [{ title: "\u009b", outcome: "fail", found: "\u202e" }],
      },
      undefined,
    );
    expect(printed).to.include('"\\u009b"').and.include('"\\u202e"');
  });
});
