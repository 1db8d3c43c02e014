import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SCHEMA_TYPES } from "../../build/schema-types.ts";
import rooms from "../../rooms.json" with { type: "json" };
import { readDocument, repository } from "../docs/documents.ts";
import { MUTATED_ROOMS } from "../mutation/mutated-rooms.ts";
import { COVERAGE_FLOORS } from "./room-coverage.ts";

const coverage = JSON.parse(readFileSync(join(repository, ".c8rc.json"), "utf8")) as {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly lines: number;
  readonly branches: number;
};

describe("the figures that the tests ask for", () => {
  it("of coverage, are those of CONTRIBUTING", () => {
    const [, lines, branches] =
      /fails below (\d+) % of the lines or (\d+) % of the branches/.exec(
        readDocument("CONTRIBUTING.md").replaceAll(/\s+/g, " "),
      ) ?? [];
    expect({ lines: Number(lines), branches: Number(branches) }).to.deep.equal({
      lines: coverage.lines,
      branches: coverage.branches,
    });
  });

  it("of coverage of a single room, are those of CONTRIBUTING", () => {
    const text = readDocument("CONTRIBUTING.md").replaceAll(/\s+/g, " ");
    for (const [room, { lines, branches }] of Object.entries(COVERAGE_FLOORS))
      expect(text).to.include(
        `\`${room}\` alone, below ${lines} % of the lines or ${branches} % of the branches`,
      );
  });

  it("of coverage, are about every room but those that only measure and rehearse", () => {
    const [, included = ""] = /\{(.+)\}/.exec(coverage.include.join()) ?? [];
    const asked = Object.keys(rooms).filter((room) => !["bench", "rehearsal", "test"].includes(room));
    expect(included.split(",")).to.have.members(asked);
  });

  it("of coverage, leave out the generated types, what a browser runs, and nothing else", () => {
    expect(coverage.exclude).to.have.members([...SCHEMA_TYPES.keys(), "page/browser/**"]);
  });

  it("of mutation testing, are those of CONTRIBUTING", () => {
    const text = readDocument("CONTRIBUTING.md").replaceAll(/\s+/g, " ");
    for (const [room, { minScore }] of Object.entries(MUTATED_ROOMS))
      expect(text).to.include(`\`${room}\` ${minScore} %`);
  });
});
