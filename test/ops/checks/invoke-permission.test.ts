import { expect } from "chai";
import { findInvokers } from "../../../ops/checks/invoke-permission.ts";

const ALIAS = "arn:aws:lambda:af-south-1:1:function:handler:latest-dev";
const RULE = "arn:aws:events:af-south-1:1:rule/one";

const statement = (more: object = {}): object => ({
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "lambda:InvokeFunction",
  Resource: ALIAS,
  Condition: { ArnLike: { "AWS:SourceArn": RULE } },
  ...more,
});
const invokersOf = (...statements: unknown[]): readonly string[] =>
  findInvokers(JSON.stringify({ Version: "2012-10-17", Statement: statements }), ALIAS);

describe("who may invoke a function, by its policy,", () => {
  it("is each rule that a statement lets EventBridge invoke it for", () => {
    expect(invokersOf(statement())).to.deep.equal([RULE]);
    const other = statement({ Condition: { ArnEquals: { "aws:sourcearn": [RULE, `${RULE}-2`] } } });
    expect(invokersOf(statement(), other)).to.deep.equal([RULE, RULE, `${RULE}-2`]);
  });

  it("may be said in lists, and of EventBridge itself", () => {
    expect(
      invokersOf(
        statement({
          Principal: { Service: ["sns.amazonaws.com", "events.amazonaws.com"] },
          Action: ["lambda:GetFunction", "lambda:InvokeFunction"],
          Resource: ["*", ALIAS],
        }),
      ),
    ).to.deep.equal([RULE]);
    expect(invokersOf(statement({ Principal: "events.amazonaws.com" }))).to.deep.equal([RULE]);
  });

  for (const [what, more] of [
    ["denies it", { Effect: "Deny" }],
    ["speaks of another service", { Principal: { Service: "sns.amazonaws.com" } }],
    ["speaks of an account", { Principal: { AWS: "events.amazonaws.com" } }],
    ["speaks of everyone", { Principal: "*" }],
    ["speaks of nobody", { Principal: null }],
    ["allows something else", { Action: "lambda:GetFunction" }],
    ["is of another alias", { Resource: `${ALIAS}-2` }],
    ["has no condition", { Condition: undefined }],
    ["has a condition that is none", { Condition: "ArnLike" }],
    ["has a condition on something else", { Condition: { StringEquals: { "AWS:SourceAccount": "1" } } }],
    ["has a condition without keys", { Condition: { ArnLike: RULE } }],
    ["names sources that are no text", { Condition: { ArnLike: { "AWS:SourceArn": [7, null] } } }],
  ] as const)
    it(`is nobody where the statement ${what}`, () => {
      expect(invokersOf(statement(more))).to.deep.equal([]);
    });
});
