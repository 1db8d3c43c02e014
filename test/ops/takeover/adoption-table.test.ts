import { expect } from "chai";
import { findBreaks } from "../../checklist/broken-words.ts";
import { adoptionTable } from "../../../ops/takeover/adoption-table.ts";

const { text } = adoptionTable({
  existing: [],
  changes: [
    {
      address: "aws_lambda_function.handler",
      action: "add",
      attributes: ["memory_size", "timeout", "environment", "tags"],
    },
  ],
  kept: [{ logicalId: "Queue", type: "AWS::SQS::Queue", physicalId: "dead-letters" }],
  leaving: [{ logicalId: "Role", type: "AWS::IAM::Role", physicalId: "old-role" }],
  oldRules: ["old-rule"],
  leftAlone: ["tenants"],
});
const drawn = (columns: number | undefined): string =>
  typeof text === "function" ? text({ columns, color: false }) : text;

describe("the table of a takeover", () => {
  for (const columns of [60, 40])
    it(`breaks no word at ${columns} columns, and keeps what becomes of what`, () => {
      const { tooWide, brokenWords } = findBreaks(
        drawn(columns),
        `${drawn(undefined)} (no room for )`,
        columns,
      );
      expect(tooWide, "lines").to.deep.equal([]);
      expect(brokenWords, "words").to.deep.equal([]);
      expect(drawn(columns)).to.match(/ACTION +WHAT/);
    });

  it("makes the details narrow first, then the ids, and says what becomes of what to the end", () => {
    expect(drawn(undefined)).to.match(/^ACTION +WHAT +ID +DETAIL$/m);
    expect(drawn(60), "only the details have become several lines").to.match(
      /create +aws_lambda_function\.handler/,
    );
    expect(drawn(24)).to.include("(no room for ID, DETAIL)");
  });
});
