import { expect } from "chai";
import { describeReadCounts } from "../../local/describe-read-counts.ts";
import { KNOWN_FORMS } from "../../local/input/recordings.ts";

describe("what a run says of its input", () => {
  it("is nothing where all are events as EventBridge sends them", () => {
    const forms = new Map([["EventBridge event", 3]]);
    expect(describeReadCounts({ forms, others: 0, notUnderstood: 0 })).to.deep.equal([]);
  });

  it("is what they were found in, and what was left out", () => {
    const forms = new Map([
      ["EventBridge event", 3],
      ["dead letter", 2],
    ]);
    expect(describeReadCounts({ forms, others: 1, notUnderstood: 0 })).to.deep.equal([
      "Read: 3 × EventBridge event, 2 × dead letter, 1 × something else, left out",
    ]);
  });

  it("is one hint, however much was not understood", () => {
    const forms = new Map([["EventBridge event", 3]]);
    expect(describeReadCounts({ forms, others: 0, notUnderstood: 7 })).to.deep.equal([
      "Not understood: 7, of which the first of each kind is shown",
      `What can be played: ${KNOWN_FORMS}`,
    ]);
  });
});
