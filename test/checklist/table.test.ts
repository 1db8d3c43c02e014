import { expect } from "chai";
import { fitLines } from "../../checklist/fit-lines.ts";
import { formatTable } from "../../checklist/table.ts";
import { findBreaks } from "./broken-words.ts";

const HEAD = ["TIME", "TENANT", "TO", "EVENT ID"];
const ROWS = [
  ["2026-03-03T20:00:00.000Z", "acme", "ACTIVE", "4d0c1d6e-2b0a-4a7e-9a51-0d6a3ff1e8aa"],
  ["2026-03-03T20:01:00.000Z", "acme", "FAILED", "4d0c1d6e-2b0a-4a7e-9a51-0d6a3ff1e8ab"],
];

describe("a table in a terminal", () => {
  it("says a name once, where it stands again in the rows below", () => {
    expect(formatTable(HEAD, ROWS, { columns: 100, folding: [1] }).split("\n")[2]).to.match(
      /Z {2}″ {7}FAILED/,
    );
    expect(formatTable(HEAD, ROWS, { folding: [1] }), "a file").to.not.include("″");
  });

  it("cuts the column that matters least, in the middle", () => {
    const [, first, second] = formatTable(HEAD, ROWS, { columns: 60, yielding: [3] }).split("\n");
    expect(first).to.equal("2026-03-03T20:00:00.000Z  acme    ACTIVE  4d0c1d6e-…3ff1e8aa");
    expect(second).to.match(/4d0c1d6e-…3ff1e8ab$/);
  });

  it("leaves out what has no room at all, says so, and gives the room to the others", () => {
    expect(formatTable(HEAD, ROWS, { columns: 40, yielding: [3, 2] }).split("\n")).to.deep.equal([
      "TIME                      TENANT  TO",
      "2026-03-03T20:00:00.000Z  acme    ACTIVE",
      "2026-03-03T20:01:00.000Z  acme    FAILED",
      "(no room for EVENT ID)",
    ]);
  });

  it("breaks sentences between words", () => {
    const text = formatTable(["TENANT", "WHY"], [["acme", "no service bears the tag of this tenant"]], {
      columns: 30,
      yielding: [1],
    });
    expect(text).to.equal("TENANT  WHY\nacme    no service bears the\n        tag of this tenant");
  });
});

describe("a line in a terminal", () => {
  it("goes on below, indented, between words and inside ARNs only where a part ends", () => {
    expect(fitLines("pass  Role: arn:aws:iam::1:role/handler-dev is there", 22, 5)).to.equal(
      "pass  Role:\n     arn:aws:iam::1:\n     role/handler-dev\n     is there",
    );
  });

  it("would be found to be broken", () => {
    const wide = "SERVICE_DEPLOYMENT_COMPLETED of acme";
    expect(findBreaks("SERVICE_DEPLOYM\nENT_COMPLETED of acme", wide, 20)).to.deep.equal({
      tooWide: ["ENT_COMPLETED of acme"],
      brokenWords: ["SERVICE_DEPLOYM", "ENT_COMPLETED"],
    });
  });
});
