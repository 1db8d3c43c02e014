import { expect } from "chai";
import type { Outcome } from "../../checklist/check.ts";
import { exitCodeOf, overallOutcome } from "../../checklist/exit-code.ts";

describe("the exit code of a checklist", () => {
  const cases: [outcomes: Outcome[], interrupted: boolean, outcome: string, exitCode: number][] = [
    [[], false, "pass", 0],
    [["pass", "skip"], false, "pass", 0],
    [["pass", "inconclusive"], false, "inconclusive", 3],
    [["inconclusive", "fail", "pass"], false, "fail", 1],
    [["pass"], true, "inconclusive", 3],
    [["fail"], true, "fail", 1],
  ];
  for (const [outcomes, interrupted, outcome, exitCode] of cases)
    it(`is ${exitCode} after ${outcomes.join(", ") || "nothing"}${interrupted ? ", interrupted" : ""}`, () => {
      const overall = overallOutcome(outcomes, interrupted);
      expect(overall).to.equal(outcome);
      expect(exitCodeOf(overall)).to.equal(exitCode);
    });
});
