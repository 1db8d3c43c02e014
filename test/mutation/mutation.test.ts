import { expect } from "chai";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../docs/documents.ts";
import { MUTATED_ROOMS } from "./mutated-rooms.ts";
import { describeVerdict, isEnough } from "./verdict.ts";

describe("npm run mutation", () => {
  const mutant = {
    range: "handler/a.ts:1:2-1:9",
    mutator: "StringLiteral",
    replacement: '""',
    fate: "noticed" as const,
  };
  const missed = { ...mutant, range: "handler/b.ts:3:4-5:6", fate: "unnoticed" as const };

  it("is content with the share of mutants that it asks for, and with no less", () => {
    const result = { tried: [mutant, mutant, mutant, missed], unnoticed: [missed] };
    expect(isEnough(result, 75)).to.equal(true);
    expect(isEnough(result, 75.1)).to.equal(false);
    expect(isEnough({ tried: [], unnoticed: [] }, 1), "nothing was tried").to.equal(false);
  });

  it("names what no test noticed, and sums a room up", () => {
    const result = { tried: [mutant, missed], unnoticed: [missed] };
    expect(describeVerdict("handler", result, 98)).to.deep.equal({
      details: [
        "\nNo test notices these in handler; dist/mutation/handler-all.html shows them in their code:",
        '  handler/b.ts:3:4-5:6  StringLiteral  ""',
      ].join("\n"),
      summary: "handler: 1 of 2 mutants noticed, 50.0 % (at least 98 %): TOO FEW",
    });
    expect(describeVerdict("handler", { tried: [mutant], unnoticed: [] }, 98).summary).to.equal(
      "handler: 1 of 1 mutants noticed, 100.0 % (at least 98 %)",
    );
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
