import { expect } from "chai";
import { DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { createTestTable, type TestTable } from "../../handler/dynamodb.ts";
import { healthyDev, identityIn } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { lineOf } from "../report-of.ts";
import { run } from "../run.ts";

const throwing = (error: Error) => () => {
  throw error;
};

describe("ops preflight", () => {
  it("passes an environment that has all that a deployment needs", async () => {
    const { exitCode, stdout } = await run("preflight dev", { answers: healthyDev() });
    expect(exitCode).to.equal(0);
    expect(stdout.trimEnd().split("\n").at(-1)).to.equal("preflight dev: ok. 7 passed");
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

  it("makes sure that the state bucket is the environment's account's own", async () => {
    const { aws } = await run("preflight dev", { answers: healthyDev() });
    expect(aws.callsOf("HeadBucketCommand")).to.deep.equal([
      { Bucket: "bbws-terraform-state-dev", ExpectedBucketOwner: "536580886816" },
    ]);
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
      line: /^fail: access denied: UnknownError$/,
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
