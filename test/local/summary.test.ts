import { expect } from "chai";
import type { Answer } from "../../handler/answer.ts";
import type { PlayedEntry } from "../../local/played-entry.ts";
import { addPlayed, describeSummary, emptySummary } from "../../local/summary.ts";

const outcome = (result: PlayedEntry["result"], requests = 0): PlayedEntry => ({
  position: { line: 1 },
  glance: {},
  tenantId: undefined,
  result,
  requests,
});
const applied: Answer = {
  status: "success",
  tenantId: "a",
  event: "E",
  tenantStatus: "ACTIVE",
  changed: true,
};
const ignored = (reason: "duplicate" | "unmapped_event"): Answer => ({
  status: "ignored",
  reason,
  event: "E",
  message: "m",
});
const failed = { status: "failed", error: { name: "N", message: "m" } } as const;

const describeAll = (outcomes: readonly PlayedEntry[]): string[] =>
  describeSummary(outcomes.reduce(addPlayed, emptySummary));

describe("The summary of a run", () => {
  it("counts what became of the events, and what the applied ones cost", () => {
    expect(
      describeAll([
        outcome(applied, 3),
        outcome(applied, 1),
        outcome(applied, 1),
        outcome(ignored("unmapped_event")),
        outcome(ignored("duplicate"), 2),
        outcome(ignored("duplicate"), 2),
        outcome(failed, 9),
      ]),
    ).to.deep.equal([
      "7 events: 3 applied, 3 ignored (duplicate 2, unmapped_event 1), 1 failed",
      "DynamoDB requests per applied event: 1.67 (1 for 2 events, 3 for 1 event)",
    ]);
  });

  it("names no cost where nothing was applied", () => {
    expect(describeAll([outcome(failed)])).to.deep.equal(["1 event: 0 applied, 0 ignored, 1 failed"]);
    expect(describeAll([])).to.deep.equal(["0 events: 0 applied, 0 ignored, 0 failed"]);
  });
});
