import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { loadEnvironments } from "../../../envs/load.ts";
import { adoptAccess } from "../../../ops/checks/access-adoption.ts";
import type { Context } from "../../../ops/context.ts";
import { boundaryPolicy } from "../../../stacks/boundary-policy.ts";
import { plannedAccess } from "../../../stacks/planned-resources.ts";
import { workflowRoles } from "../../../stacks/workflow-roles.ts";
import { dev, devNames, identityIn } from "../healthy-dev.ts";
import { type Answers, awsError, recordedAws } from "../recorded-aws.ts";
import { lineOf } from "../report-of.ts";
import { run, type Run, type RunOptions } from "../run.ts";

const encode = (document: unknown): string => encodeURIComponent(JSON.stringify(document));
const roles = workflowRoles(dev, loadEnvironments());
const PROVIDER = `arn:aws:iam::${dev.accountId}:oidc-provider/token.actions.githubusercontent.com`;
const policyArn = (name: string): string => `arn:aws:iam::${dev.accountId}:policy/${name}`;
const PLAN_ROLE = dev.planRole;
const REPOSITORY = `repo:${dev.repository}`;

/** The managed policies of the stack, by name. */
const documents = new Map<string, unknown>([
  [devNames.boundaryName, boundaryPolicy(dev)],
  ...roles.flatMap(({ name, policies }) =>
    policies.map((policy, index) => [policies.length === 1 ? name : `${name}-${index + 1}`, policy] as const),
  ),
]);

interface There {
  /** What of it exists: names of roles and policies. */
  readonly roles?: readonly string[];
  readonly policies?: readonly string[];
  /** Undefined: there is no provider. */
  readonly audiences?: readonly string[];
  readonly trust?: unknown;
  readonly boundary?: string;
  /** Who has each of the policies. */
  readonly holders?: object;
}

/** An account in which somebody has made some of it. */
const account = ({
  roles: someRoles = [],
  policies = [],
  audiences,
  trust,
  boundary,
  holders = {},
}: There): Answers => ({
  ...identityIn(dev.accountId),
  GetOpenIDConnectProviderCommand: () => {
    if (audiences === undefined) throw awsError("NoSuchEntityException");
    return { ClientIDList: audiences };
  },
  GetRoleCommand: ({ RoleName }: { RoleName: string }) => {
    if (!someRoles.includes(RoleName)) throw awsError("NoSuchEntityException");
    const right = roles.find(({ name }) => name === RoleName)?.trust;
    return {
      Role: {
        AssumeRolePolicyDocument: encode(trust ?? right),
        PermissionsBoundary: boundary === undefined ? undefined : { PermissionsBoundaryArn: boundary },
      },
    };
  },
  GetPolicyCommand: ({ PolicyArn }: { PolicyArn: string }) => {
    if (!policies.some((name) => policyArn(name) === PolicyArn)) throw awsError("NoSuchEntityException");
    return { Policy: { DefaultVersionId: "v1" } };
  },
  GetPolicyVersionCommand: ({ PolicyArn }: { PolicyArn: string }) => ({
    PolicyVersion: { Document: encode(documents.get(PolicyArn.slice(PolicyArn.lastIndexOf("/") + 1))) },
  }),
  ListEntitiesForPolicyCommand: () => holders,
  ListRolePoliciesCommand: () => ({ PolicyNames: [] }),
  // In two pages: the policy that is looked for may be on the second.
  ListAttachedRolePoliciesCommand: ({ RoleName, Marker }: { RoleName: string; Marker?: string }) => {
    if (!someRoles.includes(RoleName)) throw awsError("NoSuchEntityException");
    if (Marker === undefined) return { AttachedPolicies: [], IsTruncated: true, Marker: "more" };
    const names = policies.filter((name) => name === RoleName || name.startsWith(`${RoleName}-`));
    return {
      AttachedPolicies: names.map((PolicyName) => ({ PolicyName, PolicyArn: policyArn(PolicyName) })),
    };
  },
});

const ALL: There = {
  roles: roles.map(({ name }) => name),
  policies: [...documents.keys()],
  audiences: ["sts.amazonaws.com"],
};

interface Started {
  readonly commands: string[];
  imports: readonly { readonly to: string; readonly id: string }[];
}

/** A synthesis, which leaves a folder, and a Terraform that plans these changes. */
const programs = (changes: readonly object[], started: Started): RunOptions => ({
  startProgram: (file, [command = ""], { output, variables, cwd }) => {
    started.commands.push(command);
    if (file === process.execPath)
      mkdirSync(join(variables?.["CDKTF_OUTDIR"] ?? "", "stacks", "access-dev"), { recursive: true });
    if (command === "plan")
      ({ import: started.imports } = JSON.parse(
        readFileSync(join(cwd ?? "", "takeover.tf.json"), "utf8"),
      ) as { import: Started["imports"] });
    if (command === "show")
      output.write(JSON.stringify({ format_version: "1.2", resource_changes: changes }));
    return Promise.resolve(0);
  },
});

const change = (address: string, ...actions: readonly string[]): object => ({
  address,
  change: { actions, before: actions[0] === "create" ? null : {}, after: {} },
});

const changed = ({ aws }: Run): readonly string[] =>
  aws.calls.map(({ command }) => command).filter((command) => !/^(Get|List)/.test(command));

describe("ops access --apply", () => {
  let started: Started;
  beforeEach(() => {
    started = { commands: [], imports: [] };
  });

  const apply = (there: There, changes: readonly object[] = [], words = "--apply"): Promise<Run> =>
    run(`access dev ${words} --json`, { answers: account(there), ...programs(changes, started) });

  it("imports nothing where nothing exists, and has Terraform create all of it", async () => {
    const done = await apply({}, [change("aws_iam_role.plan-role", "create")]);
    expect(lineOf(done, "No names by accident")).to.equal("pass: 0 resources to take over");
    expect(started.imports).to.deep.equal([]);
    expect(started.commands).to.include("apply");
  });

  it("imports a role that exists, and what it has attached", async () => {
    await apply({ roles: [PLAN_ROLE], policies: [PLAN_ROLE] });
    expect(started.imports).to.deep.equal([
      { to: "aws_iam_policy.plan-policy", id: policyArn(PLAN_ROLE) },
      { to: "aws_iam_role.plan-role", id: PLAN_ROLE },
      {
        to: "aws_iam_role_policy_attachment.plan-policy-attachment",
        id: `${PLAN_ROLE}/${policyArn(PLAN_ROLE)}`,
      },
    ]);
  });

  it("imports an identity provider that exists", async () => {
    await apply({ audiences: ["sts.amazonaws.com"] });
    expect(started.imports).to.deep.equal([{ to: "aws_iam_openid_connect_provider.github", id: PROVIDER }]);
  });

  it("imports every resource of the stack, then compares", async () => {
    const done = await apply(ALL);
    expect(done.exitCode, done.stdout).to.equal(0);
    expect(started.imports.map(({ to }) => to)).to.have.members(
      plannedAccess(dev, loadEnvironments()).map(({ address }) => address),
    );
    expect(lineOf(done, `Policies of ${PLAN_ROLE}`)).to.match(/^pass/);
  });

  it("waits for IAM to show what was applied, half a minute at most for all of it", async () => {
    const applied = (shownAfter: number): Promise<Run> => {
      const answers = account(ALL);
      let asked = 0;
      return run("access dev --apply --json", {
        answers: {
          ...answers,
          ListAttachedRolePoliciesCommand: (input: { RoleName: string; Marker?: string }) => {
            const isShown =
              input.RoleName !== PLAN_ROLE || !started.commands.includes("apply") || asked++ >= shownAfter;
            return isShown
              ? answers["ListAttachedRolePoliciesCommand"]?.(input as never)
              : { AttachedPolicies: [] };
          },
        },
        ...programs([], started),
      });
    };
    const late = await applied(6);
    expect(late.exitCode, late.stdout).to.equal(0);
    const never = await applied(Infinity);
    expect(never.exitCode).to.equal(1);
    const asks = never.aws
      .callsOf("ListAttachedRolePoliciesCommand")
      .filter(({ RoleName }) => RoleName === PLAN_ROLE).length;
    expect(asks, "after 0, 5, … 30 s").to.be.at.least(7).and.at.most(10);
  });

  it("fails after the apply where somebody has attached more than the stack says", async () => {
    const done = await run("access dev --apply --json", {
      answers: {
        ...account(ALL),
        ListRolePoliciesCommand: () => ({ PolicyNames: ["by-hand"] }),
        GetRolePolicyCommand: () => ({
          PolicyDocument: encode({ Statement: { Effect: "Allow", Action: "iam:*", Resource: "*" } }),
        }),
      },
      ...programs([], started),
    });
    expect(done.exitCode).to.equal(1);
    expect(lineOf(done, `Policies of ${PLAN_ROLE}`)).to.include("it also says: allow the action iam:*");
  });

  it("plans and changes nothing with --dry-run", async () => {
    const done = await apply(ALL, [change("aws_iam_role.plan-role", "update")], "--apply --dry-run");
    expect(done.exitCode, done.stdout).to.equal(0);
    expect(started.commands).to.include("plan").and.not.include("apply");
  });

  const statement = (principal: unknown, condition: unknown) => ({
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:*", Condition: condition }],
  });
  const github = (operator: string, sub: unknown) =>
    statement({ Federated: PROVIDER }, { [operator]: { "token.actions.githubusercontent.com:sub": sub } });

  for (const [what, trust] of [
    ["any job of this repository", github("StringLike", `${REPOSITORY}:*`)],
    [
      "its old and new ids",
      github("StringEquals", [
        `${REPOSITORY}:ref:refs/heads/main`,
        "repo:BigBeardWebSolutions@1/2_bbws_tenants_event_handler@2:ref:refs/heads/main",
      ]),
    ],
    ["nobody", { Statement: [] }],
  ] as const)
    it(`takes over a role that trusts ${what}`, async () => {
      const done = await apply({ roles: [PLAN_ROLE], trust });
      expect(lineOf(done, "No names by accident")).to.match(/^pass: 1 /);
      expect(started.commands).to.include("apply");
    });

  const refusals: readonly (readonly [what: string, there: There, line: RegExp])[] = [
    [
      "a role that Lambda takes on",
      { roles: [PLAN_ROLE], trust: statement({ Service: "lambda.amazonaws.com" }, {}) },
      /plan-role-dev \(aws_iam_role\.plan-role\): it is also for Service lambda\.amazonaws\.com/,
    ],
    [
      "a role that trusts another account",
      { roles: [PLAN_ROLE], trust: statement({ AWS: ["arn:aws:iam::999999999999:root"] }, {}) },
      /also for AWS arn:aws:iam::999999999999:root/,
    ],
    [
      "a role that everybody may take on",
      { roles: [PLAN_ROLE], trust: statement("*", {}) },
      /it is also for \*/,
    ],
    [
      "a role that trusts by what it does not name",
      { roles: [PLAN_ROLE], trust: { Statement: { Effect: "Allow", NotPrincipal: { AWS: "1" } } } },
      /principals that it does not name/,
    ],
    [
      "a role that other repositories share",
      { roles: [PLAN_ROLE], trust: github("StringLike", "repo:BigBeardWebSolutions/*") },
      /it is also for repo:BigBeardWebSolutions\/\*/,
    ],
    [
      "a role of a repository whose name begins like ours",
      { roles: [PLAN_ROLE], trust: github("StringLike", `${REPOSITORY}*:ref:refs/heads/main`) },
      /it is also for repo:/,
    ],
    [
      "a role that anybody at GitHub may take on",
      { roles: [PLAN_ROLE], trust: statement({ Federated: PROVIDER }, {}) },
      /everybody at GitHub/,
    ],
    [
      "a role whose subject a token may lack",
      { roles: [PLAN_ROLE], trust: github("ForAllValues:StringLike", `${REPOSITORY}:*`) },
      /everybody at GitHub/,
    ],
    [
      "a role with a boundary",
      { roles: [PLAN_ROLE], boundary: policyArn("of-the-organization") },
      /it carries the boundary arn:aws:iam::\d+:policy\/of-the-organization/,
    ],
    [
      "a policy that others have",
      {
        policies: [PLAN_ROLE],
        holders: {
          PolicyRoles: [{ RoleName: "others" }, { RoleName: PLAN_ROLE }],
          PolicyUsers: [{ UserName: "jo" }],
          PolicyGroups: [{ GroupName: "admins" }],
        },
      },
      /\(aws_iam_policy\.plan-policy\): others have it: the role others, the user jo, the group admins/,
    ],
    [
      "an identity provider for audiences of others",
      { audiences: ["sts.amazonaws.com", "https://github.com/Others"] },
      /it is also for the audiences https:\/\/github\.com\/Others: look it up by "identityProvider": "existing"/,
    ],
  ];
  for (const [what, there, line] of refusals)
    it(`refuses ${what}, and changes nothing`, async () => {
      const done = await apply(there);
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, "No names by accident"))
        .to.match(/^fail: /)
        .and.match(line);
      expect(started.commands).to.deep.equal([]);
      expect(changed(done)).to.deep.equal([]);
    });

  for (const actions of [["delete"], ["delete", "create"]] as const)
    it(`refuses a plan to ${actions.join(" and ")}`, async () => {
      const done = await apply(ALL, [change("aws_iam_role.plan-role", ...actions)]);
      expect(lineOf(done, "Plan")).to.match(/^fail: expected nothing that is destroyed or replaced/);
      expect(started.commands).to.not.include("apply");
    });

  it("touches nothing of another account", async () => {
    const done = await run("access dev --apply", { answers: { ...account(ALL), ...identityIn("1") } });
    expect(done.exitCode).to.equal(1);
    expect(done.aws.callsOf("GetRoleCommand")).to.be.empty;
  });

  it("has nothing to take over the second time", async () => {
    const repository = mkdtempSync(join(tmpdir(), "access-"));
    try {
      const resources = plannedAccess(dev, loadEnvironments()).map(({ address }) => {
        const [type = "", name = ""] = address.split(".");
        return { mode: "managed", type, name, instances: [{}] };
      });
      const foundWith = async (known: readonly object[]) => {
        writeFileSync(join(repository, "terraform.access-dev.tfstate"), JSON.stringify({ resources: known }));
        const context = {
          aws: recordedAws(account(ALL)).createAws("af-south-1"),
          environment: dev,
          names: devNames,
          signal: new AbortController().signal,
        } as unknown as Context;
        return adoptAccess(context, repository).survey.run(() => undefined);
      };
      expect(await foundWith(resources)).to.deep.include({ found: "0 resources to take over" });
      expect(await foundWith(resources.slice(2))).to.deep.include({ found: "2 resources to take over" });
    } finally {
      rmSync(repository, { recursive: true });
    }
  });
});
