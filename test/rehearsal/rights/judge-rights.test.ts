import { expect } from "chai";
import { loadEnvironment, loadEnvironments } from "../../../envs/load.ts";
import { resourceNames } from "../../../envs/resource-names.ts";
import { isAllowedByRole } from "../../../rehearsal/emulator/permissions.ts";
import { judgeRights } from "../../../rehearsal/rights/judge-rights.ts";
import type { RecordedCall } from "../../../rehearsal/rights/recorded-call.ts";
import { TRIED_RIGHTS, UNCALLED_RIGHTS } from "../../../rehearsal/rights/uncalled-rights.ts";
import { policyDocument } from "../../../stacks/policy-document.ts";
import { allow } from "../../../stacks/read-policy.ts";
import { workflowRoles } from "../../../stacks/workflow-roles.ts";

const dev = loadEnvironment("dev");
const names = resourceNames(dev);
const ROLE = "arn:aws:iam::536580886816:role/reader";
const QUEUE = "arn:aws:sqs:af-south-1:536580886816:parked";

const call = (service: string, action: string, parts: Partial<RecordedCall> = {}): RecordedCall => ({
  role: ROLE,
  session: "workflow",
  account: "536580886816",
  region: "af-south-1",
  service,
  action,
  names: {},
  passes: null,
  boundary: null,
  tagged: false,
  ...parts,
});

const reading = policyDocument(allow("Read", ["sqs:GetQueueAttributes", "sqs:ReceiveMessage"], QUEUE));
const receive = call("sqs", "ReceiveMessage", { names: { QueueUrl: "http://localhost/1/parked" } });
const attributes = call("sqs", "GetQueueAttributes", { names: { QueueUrl: "http://localhost/1/parked" } });

const judging = (calls: readonly RecordedCall[], uncalled: Readonly<Record<string, string>> = {}) =>
  judgeRights({ arn: ROLE, policies: [reading], uncalled }, calls);

describe("the comparison of calls and rights", () => {
  it("finds nothing where every call is allowed and every action called", async () => {
    expect(await judging([receive, receive, attributes])).to.deep.equal({
      calls: 2,
      refused: [],
      unexplained: [],
      wronglyExplained: [],
    });
  });

  for (const [what, refused, needed] of [
    [
      "an action that is not allowed",
      call("sqs", "PurgeQueue", { names: { QueueUrl: "http://localhost/1/parked" } }),
      `sqs:PurgeQueue on ${QUEUE}`,
    ],
    [
      "another resource",
      call("sqs", "ReceiveMessage", { names: { QueueUrl: "http://localhost/1/others" } }),
      "sqs:ReceiveMessage on arn:aws:sqs:af-south-1:536580886816:others",
    ],
    [
      "another region",
      call("sqs", "ReceiveMessage", {
        region: "eu-west-1",
        names: { QueueUrl: "http://localhost/1/parked" },
      }),
      "sqs:ReceiveMessage on arn:aws:sqs:eu-west-1:536580886816:parked",
    ],
    [
      "a call by another name than IAM's",
      call("sqs", "DeleteMessageBatch", { names: { QueueUrl: "http://localhost/1/parked" } }),
      `sqs:DeleteMessage on ${QUEUE}`,
    ],
    ["tags, which no call shows", { ...receive, tagged: true }, `sqs:TagQueue on ${QUEUE}`],
    [
      "a role that is handed on, which no call shows",
      { ...receive, passes: "arn:aws:iam::1:role/strong" },
      "iam:PassRole on arn:aws:iam::1:role/strong",
    ],
    [
      "a lock that is removed",
      call("s3", "DeleteObject", { names: { arn: "arn:aws:s3:::b/k.tflock" } }),
      "s3:DeleteObject on arn:aws:s3:::b/k.tflock",
    ],
  ] as const)
    it(`finds ${what}`, async () => {
      expect((await judging([receive, attributes, refused])).refused).to.deep.equal([needed]);
    });

  it("judges each of several things that one call names", async () => {
    const alarm = (name: string) => `arn:aws:cloudwatch:af-south-1:536580886816:alarm:${name}`;
    const policies = [policyDocument(allow("Alarms", "cloudwatch:DeleteAlarms", alarm("one")))];
    const { refused } = await judgeRights({ arn: ROLE, policies, uncalled: {} }, [
      call("monitoring", "DeleteAlarms", { service: "cloudwatch", names: { AlarmNames: ["one", "two"] } }),
    ]);
    expect(refused).to.deep.equal([`cloudwatch:DeleteAlarms on ${alarm("two")}`]);
  });

  it("counts no call of another role", async () => {
    const { calls, unexplained } = await judging([{ ...receive, role: `${ROLE}-2` }]);
    expect(calls).to.equal(0);
    expect(unexplained).to.have.lengthOf(2);
  });

  it("finds an action that nobody calls and of which nobody says why", async () => {
    expect((await judging([receive])).unexplained).to.deep.equal(["sqs:GetQueueAttributes"]);
    expect((await judging([receive], { "sqs:GetQueueAttributes": "why" })).unexplained).to.deep.equal([]);
  });

  it("finds a reason for what is called, or not allowed", async () => {
    const uncalled = { "sqs:ReceiveMessage": "why", "sqs:GetQueueAttributes": "why", "sqs:Old": "why" };
    expect((await judging([receive], uncalled)).wronglyExplained).to.deep.equal([
      "sqs:ReceiveMessage",
      "sqs:Old",
    ]);
  });

  it("lets be tried what the role does without, and finds a reason for what is not tried, or allowed", async () => {
    const purge = call("sqs", "PurgeQueue", { names: { QueueUrl: "http://localhost/1/parked" } });
    const tried = { "sqs:PurgeQueue": "why" };
    const trying = (calls: readonly RecordedCall[], reasons: Readonly<Record<string, string>>) =>
      judgeRights({ arn: ROLE, policies: [reading], uncalled: {}, tried: reasons }, calls);
    expect(await trying([receive, attributes, purge], tried)).to.deep.include({
      refused: [],
      wronglyExplained: [],
    });
    expect((await trying([receive, attributes], tried)).wronglyExplained).to.deep.equal(["sqs:PurgeQueue"]);
    expect(
      (await trying([receive, attributes], { "sqs:ReceiveMessage": "why" })).wronglyExplained,
    ).to.deep.equal(["sqs:ReceiveMessage"]);
  });

  it("stops at a call that IAM knows no action of", async () => {
    const complaint = await judging([call("sqs", "Unheard")]).catch((error: unknown) => error);
    expect(complaint).to.have.property("message", "IAM knows no action sqs:Unheard");
  });

  it("has a reason in words for each right that is not called, and each call that is not allowed", () => {
    for (const reasons of [...Object.values(UNCALLED_RIGHTS), ...Object.values(TRIED_RIGHTS)])
      for (const [action, reason] of Object.entries(reasons)) expect(reason, action).to.match(/^.{16,}/);
  });
});

describe("the role that deploys, by the emulator's rules for permissions", () => {
  const [deployRole] = workflowRoles(dev, loadEnvironments());
  const policies = (deployRole?.policies ?? []).map((policy) => JSON.stringify(policy));
  const may = (action: string, boundary: string | undefined, resource = names.roleArn): boolean =>
    isAllowedByRole(policies, {
      action,
      resource,
      context: boundary === undefined ? {} : { "iam:PermissionsBoundary": boundary },
    });
  const OTHER = "arn:aws:iam::536580886816:policy/everything";

  for (const action of [
    "iam:CreateRole",
    "iam:PutRolePolicy",
    "iam:DeleteRolePolicy",
    "iam:PutRolePermissionsBoundary",
  ])
    it(`is refused ${action} without the boundary, or with another one`, () => {
      expect(may(action, names.boundaryArn)).to.be.true;
      expect(may(action, undefined)).to.be.false;
      expect(may(action, OTHER)).to.be.false;
    });

  it("is refused to take the boundary off, to change it, and to touch a role of others", () => {
    expect(may("iam:DeleteRolePermissionsBoundary", names.boundaryArn)).to.be.false;
    expect(may("iam:CreatePolicyVersion", names.boundaryArn, names.boundaryArn)).to.be.false;
    expect(may("iam:PutRolePolicy", names.boundaryArn, names.deployRoleArn)).to.be.false;
    expect(may("iam:AttachRolePolicy", names.boundaryArn)).to.be.false;
  });

  it("may hand the functions' roles to their services alone", () => {
    const pass = (service: string, resource: string): boolean =>
      isAllowedByRole(policies, {
        action: "iam:PassRole",
        resource,
        context: { "iam:PassedToService": service },
      });
    expect(pass("lambda.amazonaws.com", names.roleArn)).to.be.true;
    expect(pass("ecs-tasks.amazonaws.com", names.roleArn)).to.be.false;
    expect(pass("lambda.amazonaws.com", names.deployRoleArn)).to.be.false;
  });
});
