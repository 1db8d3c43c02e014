import { expect } from "chai";
import { type AccessRequest, isAllowed } from "../../../rehearsal/emulator/permissions.ts";

const RULE = "arn:aws:events:af-south-1:536580886816:rule/service-action";
const QUEUE = "arn:aws:sqs:af-south-1:536580886816:dead-letters";

const request: AccessRequest = {
  service: "events.amazonaws.com",
  action: "sqs:SendMessage",
  resource: QUEUE,
  context: { "aws:SourceArn": RULE, "aws:SourceAccount": "536580886816" },
};

const allow = {
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: "sqs:SendMessage",
  Resource: QUEUE,
  Condition: { ArnEquals: { "aws:SourceArn": [RULE] } },
};

const decide = (...statements: readonly object[]): boolean =>
  isAllowed(JSON.stringify({ Version: "2012-10-17", Statement: statements }), request);

describe("the emulator's permissions", () => {
  it("let in whom a statement allows what it wants, under its conditions", () => {
    expect(decide(allow)).to.be.true;
    expect(isAllowed(JSON.stringify({ Statement: allow }), request)).to.be.true;
  });

  for (const [what, change] of [
    ["any principal", { Principal: "*" }],
    ["one of several services", { Principal: { Service: ["lambda.amazonaws.com", "events.amazonaws.com"] } }],
    ["a pattern of actions, in whatever case", { Action: ["sqs:get*", "SQS:Send*"] }],
    ["a pattern of resources", { Resource: "arn:aws:sqs:*:536580886816:dead-letter?" }],
    ["a condition key in another case", { Condition: { ArnLike: { "AWS:SourceArn": RULE } } }],
    [
      "a pattern in a condition",
      { Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:*:*:rule/*" } } },
    ],
    ["no condition", { Condition: undefined }],
  ] as const)
    it(`understand ${what}`, () => {
      expect(decide({ ...allow, ...change })).to.be.true;
    });

  for (const [what, change] of [
    ["another service", { Principal: { Service: "lambda.amazonaws.com" } }],
    ["a principal that is no service", { Principal: { AWS: "536580886816" } }],
    ["another action", { Action: "sqs:ReceiveMessage" }],
    ["another resource", { Resource: `${QUEUE}-2` }],
    ["another rule", { Condition: { ArnEquals: { "aws:SourceArn": `${RULE}-2` } } }],
    [
      "a condition on what the request does not say",
      { Condition: { StringEquals: { "aws:SourceOrgID": "o-1" } } },
    ],
    [
      "one of two conditions only",
      { Condition: { ArnEquals: { "aws:SourceArn": RULE }, StringEquals: { "aws:SourceAccount": "1" } } },
    ],
  ] as const)
    it(`keep out who is allowed ${what}`, () => {
      expect(decide({ ...allow, ...change })).to.be.false;
    });

  it("keep out everybody where there is no policy, or an empty one", () => {
    expect(isAllowed("", request)).to.be.false;
    expect(isAllowed("{}", request)).to.be.false;
  });

  it("let a Deny win over every Allow", () => {
    expect(decide(allow, { ...allow, Effect: "Deny", Action: "*" })).to.be.false;
    expect(decide(allow, { ...allow, Effect: "Deny", Action: "sqs:DeleteQueue" })).to.be.true;
  });

  it("take a negated condition as true of what it does not match, and of what the request does not say", () => {
    const denied = (condition: object): boolean =>
      !decide(allow, { ...allow, Effect: "Deny", Principal: "*", Condition: condition });
    const isRule = { "aws:SourceArn": [`${RULE}-2`, RULE] };
    expect(denied({ ArnNotEquals: isRule })).to.be.false;
    expect(denied({ ArnNotEquals: { "aws:SourceArn": `${RULE}-2` } })).to.be.true;
    expect(denied({ ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::1:role/r" } })).to.be.true;
    expect(denied({ ArnNotEquals: { "aws:PrincipalArn": "arn:aws:iam::1:role/r", ...isRule } })).to.be.false;
    expect(denied({ StringNotLike: { "aws:SourceArn": "*service-action" } })).to.be.false;
  });

  it("do not guess about what they do not know", () => {
    expect(() => decide({ ...allow, NotAction: "sqs:DeleteQueue" })).to.throw("policy element NotAction");
    expect(() => decide({ ...allow, Condition: { Bool: { "aws:SecureTransport": "true" } } })).to.throw(
      "condition operator Bool",
    );
  });
});
