import { expect } from "chai";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../docs/documents.ts";
import { joinPasses, whatIsLeft } from "./join-passes.ts";
import { fateOf, keyOf, rangeOf } from "./mutant.ts";
import { MUTATED_ROOMS } from "./mutated-rooms.ts";
import { describeVerdict, isEnough } from "./verdict.ts";

describe("npm run mutation", () => {
  const mutant = { range: "handler/a.ts:1:2-1:9", mutator: "StringLiteral", replacement: '""' };
  const missed = { ...mutant, range: "handler/b.ts:3:4-5:6" };
  const other = { ...mutant, replacement: "``" };

  it("is content with the share of mutants that it asks for, and with no less", () => {
    const result = { noticed: [mutant, mutant, mutant], unnoticed: [missed], leftOut: [missed] };
    expect(isEnough(result, 75)).to.equal(true);
    expect(isEnough(result, 75.1)).to.equal(false);
    expect(isEnough({ noticed: [], unnoticed: [], leftOut: [missed] }, 1), "nothing was tried").to.equal(
      false,
    );
  });

  it("names what no test noticed, and sums a room up", () => {
    expect(
      describeVerdict("handler", { noticed: [mutant], unnoticed: [missed], leftOut: [] }, 98),
    ).to.deep.equal({
      details: [
        "\nNo test notices these in handler; dist/mutation/handler-all.html shows them in their code:",
        '  handler/b.ts:3:4-5:6  StringLiteral  ""',
      ].join("\n"),
      summary: "handler: 1 of 2 mutants noticed, 50.0 % (at least 98 %): TOO FEW",
    });
    expect(
      describeVerdict("handler", { noticed: [mutant], unnoticed: [], leftOut: [missed, other] }, 98).summary,
    ).to.equal("handler: 1 of 1 mutants noticed, 100.0 % (at least 98 %), 2 static ones left out");
  });

  it("does not round up what is not enough", () => {
    const noticed = Array.from({ length: 1446 }, () => mutant);
    const unnoticed = Array.from({ length: 30 }, () => missed);
    expect(describeVerdict("handler", { noticed, unnoticed, leftOut: [] }, 98).summary).to.include(
      "97.9 % (at least 98 %): TOO FEW",
    );
  });

  it("reads a place as Stryker takes it back: lines from one, columns from zero", () => {
    const location = { start: { line: 43, column: 5 }, end: { line: 44, column: 29 } };
    expect(rangeOf("handler/a.ts", location)).to.equal("handler/a.ts:43:4-44:28");
  });

  for (const [status, fate] of [
    ["Killed", "noticed"],
    ["Timeout", "noticed"],
    ["RuntimeError", "noticed"],
    ["Survived", "unnoticed"],
    ["NoCoverage", "unnoticed"],
    ["Ignored", "not tried"],
    ["CompileError", "not tried"],
  ] as const)
    it(`takes ${status} for ${fate}`, () => {
      expect(fateOf({ status }, true)).to.equal(fate);
    });

  it("says of a static mutant that it was left out, unless it was tried in a process of its own", () => {
    const statusReason = 'Static mutant (and "ignoreStatic" was enabled)';
    expect(fateOf({ status: "Ignored", statusReason, static: true }, true)).to.equal("static, left out");
    expect(fateOf({ status: "Survived", static: true }, true)).to.equal("static, left out");
    expect(fateOf({ status: "Survived", static: true }, false)).to.equal("unnoticed");
    expect(fateOf({ status: "Killed", static: true }, true)).to.equal("noticed");
  });

  describe("tries again what the quick tests did not notice", () => {
    const first = [
      { ...mutant, fate: "noticed" },
      { ...other, fate: "unnoticed" },
      { ...missed, fate: "static, left out" },
    ] as const;

    it("and what is static, if that is asked for", () => {
      expect(whatIsLeft(first, true)).to.deep.equal([first[1]]);
      expect(whatIsLeft(first, false)).to.deep.equal([first[1], first[2]]);
    });

    it("and tells the mutants of one range apart", () => {
      const again = [
        { ...mutant, fate: "unnoticed" },
        { ...other, fate: "noticed" },
      ] as const;
      const { noticed, unnoticed, leftOut } = joinPasses(first, again, true);
      expect(noticed.map(keyOf)).to.deep.equal([keyOf(mutant), keyOf(other)]);
      expect(unnoticed).to.be.empty;
      expect(leftOut.map(keyOf)).to.deep.equal([keyOf(missed)]);
    });

    it("and counts for nothing what only the second pass found to be static", () => {
      const { noticed, unnoticed, leftOut } = joinPasses(
        first,
        [{ ...other, fate: "static, left out" }],
        true,
      );
      expect([noticed.length, unnoticed.length]).to.deep.equal([1, 0]);
      expect(leftOut.map(keyOf)).to.have.members([keyOf(missed), keyOf(other)]);
    });

    it("and counts as unnoticed what nothing noticed then either", () => {
      const again = [
        { ...other, fate: "unnoticed" },
        { ...missed, fate: "unnoticed" },
      ] as const;
      expect(joinPasses(first, again, false).unnoticed.map(keyOf)).to.deep.equal([
        keyOf(other),
        keyOf(missed),
      ]);
    });

    it("and takes a single pass for both", () => {
      const only = [
        { ...mutant, fate: "noticed" },
        { ...other, fate: "unnoticed" },
      ] as const;
      const { noticed, unnoticed } = joinPasses(only, only, true);
      expect([noticed.map(keyOf), unnoticed.map(keyOf)]).to.deep.equal([[keyOf(mutant)], [keyOf(other)]]);
    });

    it("and refuses a second pass that tried something else", () => {
      expect(() => joinPasses(first, [{ ...mutant, fate: "noticed" }], true)).to.throw(
        "The second pass did not try handler/a.ts:1:2-1:9 StringLiteral ``",
      );
    });
  });

  for (const [name, { mutate, quickTests, allTests }] of Object.entries(MUTATED_ROOMS)) {
    it(`mutates sources and runs tests that there are: ${name}`, () => {
      const firm = [...mutate, ...quickTests, ...allTests].map((path) => path.replace(/\/[^/]*\*.*$/, ""));
      for (const path of firm) expect(existsSync(join(repository, path)), path).to.be.true;
      expect(allTests, "all tests include the quick ones").to.include.members([...quickTests]);
    });
  }

  it("leaves a mutant out only for a reason", () => {
    const sources = ["handler", "reconcile", "ops", "ci", "checklist"].flatMap((room) =>
      readdirSync(join(repository, room), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .map((file) => join(room, file)),
    );
    for (const file of sources)
      for (const [waiver] of readFileSync(join(repository, file), "utf8").matchAll(/\/\/ Stryker .*/g))
        expect(waiver, file).to.match(/^\/\/ Stryker disable next-line \w+(, ?\w+)*: \S.{15,}$/);
  });
});
