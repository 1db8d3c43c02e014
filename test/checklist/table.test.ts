import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import fc from "fast-check";
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

  it("has as many rows as there are, in columns that are the same from first to last", async () => {
    // With the usual stack it takes 125,000 rows to be too many arguments, and twenty seconds to draw them.
    const program = `
      import { formatTable } from "./checklist/table.ts";
      const rows = Array.from({ length: 20_000 }, (_, n) => [n, n === 19_999 ? "the widest" : "x"]);
      console.log(formatTable(["N", "NAME"], rows));
    `;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--stack-size=150", "--import", "tsx", "--input-type=module", "-e", program],
      { maxBuffer: Infinity },
    );
    const lines = stdout.trimEnd().split("\n");
    expect(lines).to.have.lengthOf(20_001);
    expect([0, 1, 10_000, 20_000].map((line) => lines[line])).to.deep.equal([
      "N      NAME",
      "0      x",
      "9999   x",
      "19999  the widest",
    ]);
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

  it("cuts no word of a column while one that matters less is there, and is never wider than it may be", () => {
    const wordOf = (minLength: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom("a", "b", "7"), minLength, maxLength: 30 });
    // Long ones among them: of the others alone, too few tables need a cut.
    const word = fc.oneof(wordOf(1), wordOf(20));
    const cell = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(" "));
    let cuts = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell, cell), { minLength: 1, maxLength: 3 }),
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 1 }),
        fc.integer({ min: 44, max: 70 }),
        (rows, yielding, columns) => {
          const head = ["W-W", "X-X", "Y-Y", "Z-Z"];
          const table = formatTable(head, rows, { columns, yielding });
          for (const line of table.split("\n")) expect(line.length, table).to.be.at.most(columns);
          const [shownHead = ""] = table.split("\n");
          const starts = head.map((name) => shownHead.indexOf(name));
          const isShown = (column: number): boolean => starts[column] !== -1;
          /** What stands in a column, below its head. */
          const isCut = (column: number): boolean => {
            const start = starts[column] ?? 0;
            const end = starts.find((other) => other > start);
            return table
              .split("\n")
              .slice(1)
              .some((line) => isShown(column) && line.slice(start, end).includes("…"));
          };
          const order = [...yielding, ...[0, 1, 2, 3].filter((column) => !yielding.includes(column))];
          const kept = yielding.at(-1);
          for (const [index, column] of order.entries())
            if (isCut(column)) {
              cuts++;
              for (const lesser of order.slice(0, index))
                if (yielding.includes(lesser) && lesser !== kept)
                  expect(isShown(lesser), `${head[lesser] ?? ""} is shown:\n${table}`).to.equal(false);
            }
        },
      ),
      { numRuns: 500 },
    );
    expect(cuts, "tables with a cut").to.be.greaterThan(50);
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
  const ROLE = "pass  Role: arn:aws:iam::1:role/handler-dev is there";

  it("goes on below, indented, between words, and never inside an ARN or a path", () => {
    expect(fitLines(ROLE, 22, { hanging: 5 })).to.equal(
      "pass  Role:\n     arn:aws:iam::1:role/handler-dev\n     is there",
    );
  });

  it("goes on inside an ARN where a part ends, in a list that would break it anywhere", () => {
    expect(fitLines(ROLE, 22, { hanging: 5, wideWords: "broken" })).to.equal(
      "pass  Role:\n     arn:aws:iam::1:\n     role/handler-dev\n     is there",
    );
  });

  for (const command of [
    'npm run ops -- rollback prod --to 7 --reason "errors. And, worse; more"',
    "aws s3api delete-object --bucket b --key envs/dev.tflock --region af-south-1",
    "npm run ops -- dlq peek dev --filter kind=poison --body",
    '$ eval "$(npm run --silent ops -- completion bash)"',
  ])
    for (const end of ["", ".", "; then look again"])
      it(`keeps a command whole: ${command}${end}`, () => {
        const lines = fitLines(`Look at it: ${command}${end}`, 40).split("\n");
        expect(lines[0]).to.equal("Look at it:");
        expect(lines[1]?.replace(/[;.]$/, "")).to.equal(
          command.startsWith("$") ? `    ${command}${end}`.replace(/[;.]$/, "") : `    ${command}`,
        );
        expect(lines.slice(2).join("")).to.equal(
          end.startsWith(";") && !command.startsWith("$") ? "    then look again" : "",
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
