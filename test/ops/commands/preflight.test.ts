import { expect } from "chai";
import { RESOURCE_TYPES } from "../../../ops/takeover/resource-types.ts";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { createTestTable, type TestTable } from "../../handler/dynamodb.ts";
import { loadEnvironments } from "../../../envs/load.ts";
import { plannedAccess } from "../../../stacks/planned-resources.ts";
import { allOfDev, dev, devNames, healthyDev, identityIn, stateAnswer } from "../healthy-dev.ts";
import { type Answers, awsError, recordedAws } from "../recorded-aws.ts";
import { lineOf } from "../report-of.ts";
import { run } from "../run.ts";
import { boundaryInPlace } from "../../../ops/checks/functions-boundary.ts";
import { tenantsTable } from "../../../ops/checks/tenants-table.ts";
import { boundaryPolicy } from "../../../stacks/boundary-policy.ts";

const throwing = (error: Error) => () => {
  throw error;
};

const BOUNDARY = "Boundary bbws-ecs-event-handler-dev-boundary";
const boundaryAnswer = (document: () => object): Answers => ({
  GetPolicyVersionCommand: () => ({
    PolicyVersion: { Document: encodeURIComponent(JSON.stringify(document())) },
  }),
});

const KEY_ARN = `arn:aws:kms:af-south-1:${dev.accountId}:key/0a1b`;
/** @param manager whose key it is, or what KMS says to who asks. */
const tableUnder = (manager: "AWS" | "CUSTOMER" | (() => never)): Answers => ({
  DescribeTableCommand: ({ TableName }: { TableName: string }) => ({
    Table: {
      TableStatus: "ACTIVE",
      KeySchema: [{ AttributeName: TableName === devNames.servicesTableName ? "service_arn" : "tenant_id" }],
      SSEDescription: { Status: "ENABLED", SSEType: "KMS", KMSMasterKeyArn: KEY_ARN },
    },
  }),
  DescribeKeyCommand: () =>
    typeof manager === "function" ? manager() : { KeyMetadata: { KeyId: "0a1b", KeyManager: manager } },
});

describe("ops preflight", () => {
  it("passes an environment that has all that a deployment needs", async () => {
    const { exitCode, stdout } = await run("preflight dev", { answers: healthyDev() });
    expect(exitCode).to.equal(0);
    expect(stdout.trimEnd().split("\n").at(-1)).to.equal("preflight dev: ok. 10 passed, 1 skipped");
  });

  it("does not mind that the log group is not there before the first deployment", async () => {
    const answers = {
      ...healthyDev(),
      DescribeLogGroupsCommand: () => ({
        logGroups: [{ logGroupName: "/aws/lambda/bbws-ecs-event-handler-dev2" }],
      }),
    };
    const done = await run("preflight dev --json", { answers });
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Log group /aws/lambda/bbws-ecs-event-handler-dev")).to.equal(
      "skip: not there yet: the first deployment creates it",
    );
  });

  it("does not mind that the directory is not there before the first deployment", async () => {
    const answers = {
      ...healthyDev(),
      DescribeTimeToLiveCommand: throwing(awsError("ResourceNotFoundException")),
    };
    const done = await run("preflight dev --json", { answers });
    expect(done.exitCode).to.equal(0);
    expect(lineOf(done, "Directory bbws-ecs-event-handler-services-dev")).to.equal(
      "skip: not there yet: the first deployment creates it",
    );
  });

  it("asks for no boundary where an environment has none", () => {
    const { createAws } = recordedAws({});
    const context = { names: devNames, aws: createAws(dev.region), signal: new AbortController().signal };
    expect(boundaryInPlace({ ...context, environment: { ...dev, permissionsBoundary: false } })).to.be.empty;
    expect(boundaryInPlace({ ...context, environment: dev })).to.have.length(1);
  });

  it("does not mind a boundary that lets more through: access tells of it", async () => {
    const wide = boundaryAnswer(() => ({
      Statement: [
        ...boundaryPolicy(dev).Statement,
        { Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
      ],
    }));
    const done = await run("preflight dev --json", { answers: { ...healthyDev(), ...wide } });
    expect(lineOf(done, BOUNDARY)).to.match(/^pass/);
  });

  it("does not mind a table under the key that AWS manages for DynamoDB", async () => {
    const done = await run("preflight dev --json", { answers: { ...healthyDev(), ...tableUnder("AWS") } });
    expect(lineOf(done, "Table bbws-tenants-dev")).to.match(/^pass/);
    expect(done.exitCode).to.equal(0);
  });

  it("passes a table under the customer-managed key that the environment names, and no other", async () => {
    const inKeyed = async (kmsKeyArn: string, answers: Answers): Promise<object> => {
      const { createAws } = recordedAws({ ...healthyDev(), ...answers });
      return tenantsTable({
        aws: createAws(dev.region),
        environment: { ...dev, tenants: { ...dev.tenants, kmsKeyArn } },
        signal: new AbortController().signal,
      }).run(() => undefined);
    };
    const other = `${KEY_ARN}-other`;
    expect(await inKeyed(KEY_ARN, tableUnder("CUSTOMER"))).to.include({ outcome: "pass" });
    expect(await inKeyed(other, tableUnder("CUSTOMER")))
      .to.include({ outcome: "fail", expected: `a table under the key ${other}` })
      .and.to.have.property("hint")
      .that.includes(`set tenants.kmsKeyArn in envs/dev.json to ${KEY_ARN}`);
    for (const answers of [{}, tableUnder("AWS")])
      expect(await inKeyed(other, answers)).to.include({
        outcome: "fail",
        hint: "Remove tenants.kmsKeyArn from envs/dev.json",
      });
  });

  it("says how long the logs are kept", async () => {
    const linesWith = async (retentionInDays: number | undefined): Promise<string> =>
      lineOf(
        await run("preflight dev --json", {
          answers: {
            ...healthyDev(),
            DescribeLogGroupsCommand: ({ logGroupNamePrefix }: { logGroupNamePrefix: string }) => ({
              logGroups: [{ logGroupName: logGroupNamePrefix, retentionInDays }],
            }),
          },
        }),
        `Log group ${devNames.logGroupName}`,
      );
    expect(await linesWith(30)).to.equal("pass: there, keeps logs for 30 days");
    expect(await linesWith(undefined)).to.equal("pass: there, keeps logs forever");
  });

  it("makes sure that the state bucket is the environment's account's own", async () => {
    const { aws } = await run("preflight dev", { answers: healthyDev() });
    expect(aws.callsOf("HeadBucketCommand")).to.deep.equal([
      { Bucket: "bbws-terraform-state-dev", ExpectedBucketOwner: "536580886816" },
    ]);
  });

  it("says who holds the lock of the state, since when, and what removes it", async () => {
    const lock = {
      Who: "jo@laptop",
      Operation: "OperationTypeApply",
      Created: "2026-03-03T20:48:00.123456789Z",
    };
    const done = await run("preflight dev --json", {
      answers: {
        ...healthyDev(),
        GetObjectCommand: (input: { Key: string }) =>
          input.Key.endsWith(".tflock")
            ? { Body: { transformToString: () => Promise.resolve(JSON.stringify(lock)) } }
            : healthyDev()["GetObjectCommand"]?.(input as never),
      },
    });
    expect(done.exitCode).to.equal(1);
    expect(lineOf(done, "State lock")).to.equal(
      "fail: expected nobody holds it, found someone else is at work: jo@laptop, OperationTypeApply, " +
        "since 2026-03-03T20:48:00.123Z (11 min). Wait for it; only if it surely runs no more, remove the lock: " +
        "aws s3api delete-object --bucket bbws-terraform-state-dev --key ecs-event-handler/dev/terraform.tfstate.tflock --region af-south-1",
    );
  });

  interface Lack {
    readonly when: string;
    readonly answers: Answers;
    readonly check: string;
    readonly line: RegExp;
  }

  const TABLE = "Table bbws-tenants-dev";
  const DIRECTORY = "Directory bbws-ecs-event-handler-services-dev";
  const lacks: readonly Lack[] = [
    {
      when: "the account is another",
      answers: identityIn("093646564004"),
      check: "AWS account",
      line: /^fail: expected 536580886816 \(dev\), found 093646564004/,
    },
    {
      when: "there is no table",
      answers: { DescribeTableCommand: throwing(awsError("ResourceNotFoundException")) },
      check: TABLE,
      line: /^fail: expected ACTIVE, key tenant_id, found no such table$/,
    },
    {
      when: "the table is being deleted",
      answers: {
        DescribeTableCommand: () => ({
          Table: { TableStatus: "DELETING", KeySchema: [{ AttributeName: "tenant_id" }] },
        }),
      },
      check: TABLE,
      line: /^fail: .* found DELETING, key tenant_id$/,
    },
    {
      when: "the table has another key",
      answers: {
        DescribeTableCommand: () => ({
          Table: { TableStatus: "ACTIVE", KeySchema: [{ AttributeName: "PK" }, { AttributeName: "SK" }] },
        }),
      },
      check: TABLE,
      line: /^fail: .* found ACTIVE, key PK, SK$/,
    },
    {
      when: "the table is under a customer-managed key that the environment does not name",
      answers: tableUnder("CUSTOMER"),
      check: TABLE,
      line: new RegExp(
        `^fail: expected a table under a key of AWS's, found a table under the customer-managed key ${KEY_ARN}\\. ` +
          `Without kms:Decrypt .*: set tenants\\.kmsKeyArn in envs/dev\\.json to ${KEY_ARN}$`,
      ),
    },
    {
      when: "the table is under a key that may not be described",
      answers: tableUnder(() => {
        throw awsError("AccessDeniedException");
      }),
      check: TABLE,
      line: /found a table under the KMS key .*, which these credentials may not describe\. .*set tenants\.kmsKeyArn/,
    },
    {
      when: "there is a directory of services with another key",
      answers: {
        DescribeTableCommand: () => ({
          Table: { TableStatus: "ACTIVE", KeySchema: [{ AttributeName: "tenant_id" }] },
        }),
      },
      check: DIRECTORY,
      line: /^fail: expected ACTIVE, key service_arn, TTL on expires_at, found ACTIVE, key tenant_id, TTL on expires_at$/,
    },
    {
      when: "there is no boundary for the functions' roles",
      answers: boundaryAnswer(() => {
        throw awsError("NoSuchEntityException");
      }),
      check: BOUNDARY,
      line: /^fail: expected there, .*, found no such policy\. .*remove permissionsBoundary from envs\/dev\.json: npx cdktf deploy access-dev$/,
    },
    {
      when: "the boundary may not be read",
      answers: boundaryAnswer(() => {
        throw awsError("AccessDenied");
      }),
      check: BOUNDARY,
      line: /^fail: .*these credentials may not read it.*npx cdktf deploy access-dev$/,
    },
    {
      when: "the boundary is that of an older version, which could do less",
      answers: boundaryAnswer(() => ({
        ...boundaryPolicy(dev),
        Statement: boundaryPolicy(dev).Statement.slice(1),
      })),
      check: BOUNDARY,
      line: /^fail: .*it does not say: allow the action dynamodb:UpdateItem on .*npx cdktf deploy access-dev$/,
    },
    {
      when: "there is no cluster",
      answers: { DescribeClustersCommand: () => ({ clusters: [], failures: [{ reason: "MISSING" }] }) },
      check: "Cluster bbws-cluster-dev",
      line: /^fail: expected ACTIVE, found no such cluster$/,
    },
    {
      when: "the cluster is gone",
      answers: { DescribeClustersCommand: () => ({ clusters: [{ status: "INACTIVE" }] }) },
      check: "Cluster bbws-cluster-dev",
      line: /^fail: .* found INACTIVE$/,
    },
    {
      when: "there is no state bucket",
      answers: { HeadBucketCommand: throwing(awsError("NotFound")) },
      check: "State bucket bbws-terraform-state-dev",
      line: /^fail: .* found no such bucket; create it: npx cdktf deploy state-dev$/,
    },
    {
      when: "the state bucket is someone else's",
      answers: {
        // An answer to HEAD has no body that could say more.
        HeadBucketCommand: throwing(
          Object.assign(awsError("Unknown", "UnknownError"), { $metadata: { httpStatusCode: 403 } }),
        ),
      },
      check: "State bucket bbws-terraform-state-dev",
      line: /^fail: expected there, found a bucket of this name that account 536580886816 does not own or may not see\. /,
    },
    {
      when: "the log groups may not be listed",
      answers: { DescribeLogGroupsCommand: throwing(awsError("AccessDeniedException", "not authorized")) },
      check: "Log group /aws/lambda/bbws-ecs-event-handler-dev",
      line: /^fail: access denied: not authorized$/,
    },
  ];

  for (const { when, answers, check, line } of lacks) {
    it(`fails when ${when}`, async () => {
      const done = await run("preflight dev --json", { answers: { ...healthyDev(), ...answers } });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, check)).to.match(line);
    });
  }

  describe("with what exists and is not in the state", () => {
    const WAY = "Nothing in the way";
    const without = (...addresses: readonly string[]): Answers =>
      stateAnswer(
        allOfDev()
          .map(({ address }) => address)
          .filter((address) => !addresses.includes(address)),
      );
    /** Nothing is there of what only a deployment creates. */
    const NOTHING: Answers = {
      ...identityIn(dev.accountId),
      GetObjectCommand: throwing(awsError("NoSuchKey")),
      ...Object.fromEntries(
        [
          "GetFunctionCommand",
          "GetAliasCommand",
          "GetFunctionEventInvokeConfigCommand",
          "DescribeRuleCommand",
          "ListTargetsByRuleCommand",
          "GetScheduleCommand",
        ].map((command) => [command, throwing(awsError("ResourceNotFoundException"))]),
      ),
      // Lambda's; the boundary, which IAM tells of by a command of the same name, is a prerequisite.
      GetPolicyCommand: ({ PolicyArn }: { PolicyArn?: string }) => {
        if (PolicyArn === undefined) throw awsError("ResourceNotFoundException");
        return { Policy: { DefaultVersionId: "v1" } };
      },
      DescribeLogGroupsCommand: () => ({ logGroups: [] }),
      DescribeQueryDefinitionsCommand: () => ({ queryDefinitions: [] }),
      DescribeAlarmsCommand: () => ({ MetricAlarms: [] }),
      GetDashboardCommand: throwing(awsError("DashboardNotFoundError")),
      GetQueueUrlCommand: throwing(awsError("QueueDoesNotExist")),
      GetTopicAttributesCommand: throwing(awsError("NotFound")),
      ListSubscriptionsByTopicCommand: () => ({ Subscriptions: [] }),
      GetRoleCommand: throwing(awsError("NoSuchEntityException")),
      GetRolePolicyCommand: throwing(awsError("NoSuchEntityException")),
      DescribeTimeToLiveCommand: throwing(awsError("ResourceNotFoundException")),
      DescribeTableCommand: ({ TableName }: { TableName: string }) => {
        if (TableName === devNames.servicesTableName) throw awsError("ResourceNotFoundException");
        return { Table: { TableStatus: "ACTIVE", KeySchema: [{ AttributeName: "tenant_id" }] } };
      },
    };

    it("knows how to look up every type of the stack, and of that of the roles", () => {
      const planned = [...allOfDev(), ...plannedAccess(dev, loadEnvironments())];
      const types = [...new Set(planned.map(({ type }) => type))].sort();
      expect([...RESOURCE_TYPES.keys()].sort()).to.deep.equal(types);
    });

    it("passes an account in which there is nothing of it yet", async () => {
      const done = await run("preflight dev --json", { answers: { ...healthyDev(), ...NOTHING } });
      expect(lineOf(done, WAY)).to.match(/^pass: /);
      expect(done.exitCode).to.equal(0);
    });

    it("looks up nothing that is in the state", async () => {
      const { aws } = await run("preflight dev", { answers: healthyDev() });
      expect(aws.callsOf("GetFunctionCommand")).to.deep.equal([]);
    });

    it("names each resource with its id, and the command that comes next", async () => {
      const answers = { ...healthyDev(), ...without("aws_cloudwatch_log_group.log-group") };
      const done = await run("preflight dev --json", { answers });
      expect(done.exitCode).to.equal(1);
      expect(lineOf(done, WAY)).to.equal(
        "fail: expected nothing that a deployment would create, found 1 resources exist that the Terraform state does " +
          "not have: aws_cloudwatch_log_group.log-group <- /aws/lambda/bbws-ecs-event-handler-dev. See what taking " +
          "them over means: npm run ops -- adopt dev",
      );
    });

    const QUEUE_URL = "https://sqs.af-south-1.amazonaws.com/dlq";
    const POLICY = JSON.stringify({ Statement: [{ Sid: "service-action-rule" }] });
    const TOPIC_ARN = `arn:aws:sns:af-south-1:${dev.accountId}:${devNames.topicName}`;
    const ids: readonly (readonly [address: RegExp, answers: Answers, id: string])[] = [
      [
        /_function\.function$/,
        { GetFunctionCommand: () => ({ Configuration: {} }) },
        "bbws-ecs-event-handler-dev",
      ],
      [/_alias\.alias$/, { GetAliasCommand: () => ({}) }, "bbws-ecs-event-handler-dev/latest-dev"],
      [
        /config\.alias-invoke-config$/,
        { GetFunctionEventInvokeConfigCommand: () => ({}) },
        "bbws-ecs-event-handler-dev:latest-dev",
      ],
      [
        /permission\.service-action-permission$/,
        { GetPolicyCommand: () => ({ Policy: POLICY }) },
        "bbws-ecs-event-handler-dev:latest-dev/service-action-rule",
      ],
      [
        /rule\.service-action-rule$/,
        { DescribeRuleCommand: () => ({}) },
        "bbws-ecs-event-handler-dev-service-action",
      ],
      [
        /target\.service-action-target$/,
        { ListTargetsByRuleCommand: () => ({ Targets: [{ Id: "event-handler", Arn: "arn" }] }) },
        "bbws-ecs-event-handler-dev-service-action/event-handler",
      ],
      [/schedule\.schedule$/, { GetScheduleCommand: () => ({}) }, "default/bbws-ecs-reconciler-dev"],
      [/queue\.dead-letter-queue$/, { GetQueueUrlCommand: () => ({ QueueUrl: QUEUE_URL }) }, QUEUE_URL],
      [
        /policy\.dead-letter-queue-policy$/,
        {
          GetQueueUrlCommand: () => ({ QueueUrl: QUEUE_URL }),
          GetQueueAttributesCommand: () => ({ Attributes: { Policy: "{}" } }),
        },
        QUEUE_URL,
      ],
      [/topic\.alarm-topic$/, { GetTopicAttributesCommand: () => ({}) }, TOPIC_ARN],
      [
        /subscription\./,
        {
          GetTopicAttributesCommand: () => ({}),
          ListSubscriptionsByTopicCommand: () => ({
            Subscriptions: [
              {
                Protocol: "email",
                Endpoint: dev.notificationEmails[0],
                SubscriptionArn: "PendingConfirmation",
              },
              { Protocol: "email", Endpoint: dev.notificationEmails[0], SubscriptionArn: `${TOPIC_ARN}:1` },
            ],
          }),
        },
        `${TOPIC_ARN}:1`,
      ],
      [/role\.function-role$/, { GetRoleCommand: () => ({}) }, devNames.roleName],
      [
        /role_policy\.function-role-policy$/,
        { GetRolePolicyCommand: () => ({}) },
        `${devNames.roleName}:event-handler`,
      ],
      [
        /alarm\.errors-alarm$/,
        { DescribeAlarmsCommand: () => ({ MetricAlarms: [{ AlarmName: devNames.alarmNames.errors }] }) },
        devNames.alarmNames.errors,
      ],
      [/dashboard\./, { GetDashboardCommand: () => ({}) }, devNames.dashboardName],
      [
        /query_definition\.failures-query$/,
        {
          DescribeQueryDefinitionsCommand: ({
            queryDefinitionNamePrefix: name,
          }: {
            queryDefinitionNamePrefix: string;
          }) => ({
            queryDefinitions: [
              { name: `${name} of mine`, queryDefinitionId: "1" },
              { name, queryDefinitionId: "2" },
            ],
          }),
        },
        `arn:aws:logs:af-south-1:${dev.accountId}:query-definition:2`,
      ],
      [
        /table\.services-table$/,
        {
          DescribeTableCommand: () => ({
            Table: { TableStatus: "ACTIVE", KeySchema: [{ AttributeName: "tenant_id" }] },
          }),
        },
        devNames.servicesTableName,
      ],
    ];
    for (const [address, answers, id] of ids)
      it(`finds ${address.source} by its import id`, async () => {
        const done = await run("preflight dev --json", {
          answers: { ...healthyDev(), ...NOTHING, ...answers },
        });
        const found = lineOf(done, WAY)
          .split(/: |, |\. /)
          .map((line) => line.split(" <- "))
          .find(([one = ""]) => address.test(one));
        expect(found?.[1], lineOf(done, WAY)).to.equal(id);
      });

    it("says when something may not be looked up", async () => {
      const answers = {
        ...healthyDev(),
        ...NOTHING,
        GetRoleCommand: throwing(awsError("AccessDenied", "no")),
      };
      const done = await run("preflight dev --json", { answers });
      expect(lineOf(done, WAY)).to.equal("fail: access denied: no");
    });
  });

  describe("with a real table", () => {
    let table: TestTable;
    before(async () => {
      table = await createTestTable();
    });
    after(() => table.close());

    it("finds it and its key, and misses what is not there", async () => {
      const describeTable = (TableName: string) => ({
        ...healthyDev(),
        DescribeTableCommand: () => table.client.send(new DescribeTableCommand({ TableName })),
      });
      const found = await run("preflight dev --json", { answers: describeTable(table.name) });
      expect(lineOf(found, TABLE)).to.equal(
        "pass: expected ACTIVE, key tenant_id, found ACTIVE, key tenant_id",
      );
      const missed = await run("preflight dev --json", { answers: describeTable("no-such-table") });
      expect(lineOf(missed, TABLE)).to.equal("fail: expected ACTIVE, key tenant_id, found no such table");
    });
  });
});
