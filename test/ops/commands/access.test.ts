import { expect } from "chai";
import { loadEnvironments } from "../../../envs/load.ts";
import { boundaryPolicy } from "../../../stacks/boundary-policy.ts";
import { workflowRoles } from "../../../stacks/workflow-roles.ts";
import { dev, identityIn } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { lineOf } from "../report-of.ts";
import { run } from "../run.ts";

const REPOSITORY = "repo:BigBeardWebSolutions/2_bbws_tenants_event_handler";
const PLAN_ROLE = "bbws-github-actions-plan-role-dev";
const encode = (document: unknown): string => encodeURIComponent(JSON.stringify(document));
const BOUNDARY = `arn:aws:iam::${dev.accountId}:policy/bbws-ecs-event-handler-dev-boundary`;
const roles = workflowRoles(dev, loadEnvironments());
const [deployRole, readRole, planRole] = roles;
const policiesOf = (name: string): readonly unknown[] =>
  roles.find((role) => role.name === name)?.policies ?? [];

interface Accounts {
  /** Trust policies by role, in place of the right ones; undefined: there is no such role. */
  readonly trusts?: Readonly<Record<string, unknown>>;
  /** All policies of one role, in place of the right ones: of pull requests, or of another. */
  readonly of?: string;
  readonly inline?: readonly unknown[];
  readonly attached?: readonly unknown[];
  readonly provider?: () => unknown;
  /** Undefined: there is none. */
  readonly boundary?: unknown;
}

const answers = ({
  trusts = {},
  of = PLAN_ROLE,
  inline = policiesOf(of),
  attached = [],
  provider = () => ({ ClientIDList: ["sts.amazonaws.com"] }),
  ...others
}: Accounts): Answers => ({
  ...identityIn(dev.accountId),
  GetOpenIDConnectProviderCommand: provider,
  GetRoleCommand: ({ RoleName }: { RoleName: string }) => {
    const right = [deployRole, readRole, planRole].find((role) => role?.name === RoleName);
    const trust = RoleName in trusts ? trusts[RoleName] : right?.trust;
    if (trust === undefined) throw awsError("NoSuchEntityException");
    return { Role: { AssumeRolePolicyDocument: encode(trust) } };
  },
  // In two pages, as a role with many policies has them.
  ListRolePoliciesCommand: ({ RoleName, Marker }: { RoleName: string; Marker?: string }) => {
    const count = (RoleName === of ? inline : policiesOf(RoleName)).length;
    return Marker === undefined && count > 0
      ? { PolicyNames: ["0"], IsTruncated: true, Marker: "more" }
      : {
          PolicyNames: Array.from({ length: count }, (_, index) => String(index)).slice(1),
          IsTruncated: false,
        };
  },
  GetRolePolicyCommand: ({ RoleName, PolicyName }: { RoleName: string; PolicyName: string }) => ({
    PolicyDocument: encode((RoleName === of ? inline : policiesOf(RoleName))[Number(PolicyName)]),
  }),
  ListAttachedRolePoliciesCommand: ({ RoleName }: { RoleName: string }) => ({
    AttachedPolicies: (RoleName === of ? attached : []).map((_, index) => ({
      PolicyArn: `arn:aws:iam::${dev.accountId}:policy/${index}`,
    })),
  }),
  GetPolicyCommand: ({ PolicyArn }: { PolicyArn: string }) => {
    if (PolicyArn === BOUNDARY && "boundary" in others && others.boundary === undefined)
      throw awsError("NoSuchEntityException");
    return { Policy: { DefaultVersionId: "v2" } };
  },
  GetPolicyVersionCommand: ({ PolicyArn, VersionId }: { PolicyArn: string; VersionId: string }) => {
    const document =
      PolicyArn === BOUNDARY
        ? (others.boundary ?? boundaryPolicy(dev))
        : attached[Number(PolicyArn.split("/")[1])];
    return { PolicyVersion: { Document: encode(VersionId === "v2" ? document : {}) } };
  },
});

const statementOf = (subjects: string | readonly string[], operator = "StringEquals") => ({
  Effect: "Allow",
  Principal: {
    Federated: `arn:aws:iam::${dev.accountId}:oidc-provider/token.actions.githubusercontent.com`,
  },
  Action: "sts:AssumeRoleWithWebIdentity",
  Condition: {
    [operator]: { "token.actions.githubusercontent.com:sub": subjects },
    StringEquals: {
      "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
      ...(operator === "StringEquals" ? { "token.actions.githubusercontent.com:sub": subjects } : {}),
    },
  },
});
const trustOf = (...statements: readonly unknown[]) => ({ Version: "2012-10-17", Statement: statements });

describe("ops access", () => {
  it("passes roles that trust and may what they must, and prints what that is", async () => {
    const { exitCode, stdout } = await run("access dev", { answers: answers({}) });
    expect(exitCode).to.equal(0);
    expect(stdout).to.include("access dev: ok. 9 passed");
    expect(stdout).to.include("npm run ops -- access dev --apply");
    const { stdout: json } = await run("access dev --json", { answers: answers({}) });
    expect(JSON.parse(json)).to.have.nested.property("result.roles.length", 3);
  });

  it("knows the roles of an environment that is promoted from, and of the last", () => {
    expect(readRole?.subjects).to.deep.equal(["ref:refs/heads/main", "environment:sit"]);
    const prod = loadEnvironments().find(({ environment }) => environment === "prod");
    expect(prod && workflowRoles(prod, loadEnvironments()).map(({ subjects }) => subjects)).to.deep.equal([
      ["environment:prod"],
      ["ref:refs/heads/main"],
      ["pull_request"],
    ]);
  });

  const READ_ROLE = "bbws-github-actions-read-role-dev";
  for (const [how, trust] of [
    [
      "with ids in the subject",
      trustOf(
        statementOf([
          "repo:BigBeardWebSolutions@12/2_bbws_tenants_event_handler@34:ref:refs/heads/main",
          `${REPOSITORY}:environment:sit`,
        ]),
      ),
    ],
    [
      "in both forms",
      trustOf(
        statementOf([
          "repo:BigBeardWebSolutions@12/2_bbws_tenants_event_handler@34:ref:refs/heads/main",
          `${REPOSITORY}:ref:refs/heads/main`,
          `${REPOSITORY}:environment:sit`,
        ]),
      ),
    ],
    [
      "in two statements, one with StringLike",
      trustOf(
        statementOf(`${REPOSITORY}:environment:sit`),
        statementOf(`${REPOSITORY}:ref:refs/heads/main`, "StringLike"),
      ),
    ],
  ] as const)
    it(`takes a trust that is written another way, ${how}, for the same`, async () => {
      const done = await run("access dev --json", { answers: answers({ trusts: { [READ_ROLE]: trust } }) });
      expect(lineOf(done, `Trust of ${READ_ROLE}`)).to.match(/^pass/);
    });

  for (const [what, role, trust, found] of [
    ["any branch", READ_ROLE, trustOf(statementOf([`${REPOSITORY}:*`], "StringLike")), "StringLike"],
    [
      "pull requests",
      READ_ROLE,
      trustOf(
        statementOf([
          `${REPOSITORY}:ref:refs/heads/main`,
          `${REPOSITORY}:environment:sit`,
          `${REPOSITORY}:pull_request`,
        ]),
      ),
      "it also says",
    ],
    ["another repository", PLAN_ROLE, trustOf(statementOf("repo:evil/fork:pull_request")), "repo:evil/fork"],
    [
      "all of the account",
      PLAN_ROLE,
      trustOf(statementOf(`${REPOSITORY}:pull_request`), {
        Effect: "Allow",
        Principal: { AWS: dev.accountId },
        Action: "sts:AssumeRole",
      }),
      `AWS ${dev.accountId}`,
    ],
    [
      "any audience",
      PLAN_ROLE,
      trustOf({
        ...statementOf(`${REPOSITORY}:pull_request`),
        Condition: {
          StringEquals: { "token.actions.githubusercontent.com:sub": `${REPOSITORY}:pull_request` },
        },
      }),
      "it does not say",
    ],
    [
      "nobody of SIT",
      READ_ROLE,
      trustOf(statementOf(`${REPOSITORY}:ref:refs/heads/main`)),
      "environment:sit",
    ],
    ["nobody", PLAN_ROLE, undefined, "no such role"],
  ] as const)
    it(`fails a role that trusts ${what}`, async () => {
      const done = await run("access dev --json", { answers: answers({ trusts: { [role]: trust } }) });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, `Trust of ${role}`))
        .to.match(/^fail/)
        .and.include(found);
    });

  const scan = {
    Statement: [{ Effect: "Allow", Action: ["dynamodb:Scan"], Resource: "arn:aws:dynamodb:*:*:table/*" }],
  };
  for (const [what, policies, line] of [
    [
      "by two policies, one attached",
      { inline: [], attached: [...policiesOf(PLAN_ROLE), { Statement: [] }] },
      /^pass/,
    ],
    [
      "to read rows, by an inline policy",
      { inline: [...policiesOf(PLAN_ROLE), scan] },
      /^fail.*dynamodb:Scan/,
    ],
    ["to read rows, by an attached policy", { attached: [scan] }, /^fail.*dynamodb:Scan/],
    [
      "all but what it names",
      { attached: [{ Statement: { Effect: "Allow", NotAction: "iam:*", Resource: "*" } }] },
      /^fail.*NotAction iam:\*/,
    ],
    ["nothing", { inline: [] }, /^fail.*it does not say: allow the action s3:GetObject/],
  ] as const)
    it(`judges a role of pull requests that may ${what}`, async () => {
      const done = await run("access dev --json", { answers: answers(policies) });
      expect(lineOf(done, `Policies of ${PLAN_ROLE}`)).to.match(line);
    });

  const DEPLOY_ROLE = "bbws-github-actions-role-dev";
  for (const [role, what, policies, line] of [
    [
      DEPLOY_ROLE,
      "may administer the account",
      {
        inline: policiesOf(DEPLOY_ROLE),
        attached: [{ Statement: { Effect: "Allow", Action: "*", Resource: "*" } }],
      },
      /^fail.*it also says: allow the action \* on \*/,
    ],
    [
      DEPLOY_ROLE,
      "may change roles without a boundary",
      {
        inline: [
          ...policiesOf(DEPLOY_ROLE),
          { Statement: { Effect: "Allow", Action: "iam:PutRolePolicy", Resource: "arn:aws:iam::1:role/r" } },
        ],
      },
      /^fail.*it also says: allow the action iam:PutRolePolicy/,
    ],
    [
      DEPLOY_ROLE,
      "may change nothing",
      { inline: policiesOf(READ_ROLE) },
      /^fail.*it does not say: allow the action s3:PutObject/,
    ],
    [
      READ_ROLE,
      "may deploy",
      { inline: policiesOf(DEPLOY_ROLE) },
      /^fail.*it also says: allow the action s3:PutObject/,
    ],
    [READ_ROLE, "may do nothing", { inline: [] }, /^fail.*it does not say: allow the action s3:GetObject/],
    [READ_ROLE, "has its policies attached", { inline: [], attached: policiesOf(READ_ROLE) }, /^pass/],
  ] as const)
    it(`judges a role ${role} that ${what}`, async () => {
      const done = await run("access dev --json", { answers: answers({ of: role, ...policies }) });
      expect(lineOf(done, `Policies of ${role}`)).to.match(line);
    });

  for (const [what, boundary, line] of [
    ["is as the stack says", boundaryPolicy(dev), /^pass/],
    ["is not there", undefined, /^fail.*no such policy/],
    [
      "lets everything through",
      { Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
      /^fail.*the action \*/,
    ],
  ] as const)
    it(`judges a boundary that ${what}`, async () => {
      const done = await run("access dev --json", { answers: answers({ boundary }) });
      expect(lineOf(done, "Boundary bbws-ecs-event-handler-dev-boundary")).to.match(line);
    });

  for (const [what, provider, line] of [
    [
      "is not there",
      () => {
        throw awsError("NoSuchEntityException");
      },
      /^fail.*no such provider/,
    ],
    ["is for another audience", () => ({ ClientIDList: ["https://example.com"] }), /^fail.*example\.com/],
  ] as const)
    it(`fails when GitHub's identity provider ${what}`, async () => {
      const done = await run("access dev --json", { answers: answers({ provider }) });
      expect(lineOf(done, "GitHub's identity provider")).to.match(line);
    });

  it("looks at no role of another account", async () => {
    const done = await run("access dev", { answers: { ...answers({}), ...identityIn("1") } });
    expect(done.exitCode).to.equal(1);
    expect(done.aws.callsOf("GetRoleCommand")).to.be.empty;
  });
});
