import {
  CreateStackCommand,
  DeleteStackCommand,
  ListStackResourcesCommand,
  UpdateStackCommand,
} from "@aws-sdk/client-cloudformation";
import { GetMetricStatisticsCommand, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  DescribeLogGroupsCommand,
  DeleteQueryDefinitionCommand,
  DescribeQueryDefinitionsCommand,
  PutQueryDefinitionCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  paginateScan,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  RegisterTaskDefinitionCommand,
  StopTaskCommand,
} from "@aws-sdk/client-ecs";
import { TestEventPatternCommand } from "@aws-sdk/client-eventbridge";
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionEventInvokeConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  PublishVersionCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  type LifecycleRule,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { zipSync } from "fflate";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { json } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { codeSha256 } from "../../../build/code-sha256.ts";
import { lazy } from "../../../checklist/lazy.ts";
import type { Aws } from "../../../ops/aws/clients.ts";
import { signIn } from "../../../rehearsal/emulator/account.ts";
import { MENDED_MOTO, type OwnEmulator, startMoto } from "../../../rehearsal/emulator/moto/moto.ts";
import type { Invocation } from "../../../rehearsal/emulator/lambda/invocation.ts";
import { listen } from "../../../rehearsal/emulator/listen.ts";
import { findMoto } from "../../../rehearsal/find-tools.ts";
import { withoutAws } from "../../../rehearsal/variables.ts";

/** What an emulator has to do as AWS does. Each check is true of the corrected moto and not of moto as it is. */
interface Correction {
  readonly title: string;
  readonly check: (aws: Aws) => Promise<void>;
}

const FUNCTION = { FunctionName: "greeter" } as const;
const zipOf = (code: string): Uint8Array => zipSync({ "index.js": Buffer.from(code) });

const QUEUE_POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }],
});

const CORRECTIONS: readonly Correction[] = [
  {
    title: "changes a function's architecture with its code",
    check: async ({ lambda }) => {
      const update = { ...FUNCTION, ZipFile: zipOf("second"), Architectures: ["arm64" as const] };
      await lambda.send(new UpdateFunctionCodeCommand(update));
      const { Architectures } = await lambda.send(new GetFunctionConfigurationCommand(FUNCTION));
      expect(Architectures).to.deep.equal(["arm64"]);
    },
  },
  {
    title: "links to a version's code",
    check: async ({ lambda }) => {
      const { Code, Configuration } = await lambda.send(
        new GetFunctionCommand({ ...FUNCTION, Qualifier: "1" }),
      );
      const link = Code?.Location ?? "";
      // Without the emulator's own link this would be AWS.
      expect(new URL(link).hostname).to.equal("127.0.0.1");
      const code = new Uint8Array(await (await fetch(link)).arrayBuffer());
      expect(codeSha256(code)).to.equal(Configuration?.CodeSha256);
    },
  },
  {
    title: "leaves a resource alone when the stack's template changes its deletion policy and metadata only",
    check: async ({ cloudFormation, cloudWatchLogs }) => {
      const StackName = "retaining";
      const logGroupName = "/retained";
      const template = (attributes: object): string =>
        JSON.stringify({
          Resources: {
            Logs: { Type: "AWS::Logs::LogGroup", Properties: { LogGroupName: logGroupName }, ...attributes },
          },
        });
      await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: template({}) }));
      const TemplateBody = template({ DeletionPolicy: "Retain", Metadata: { TakenOver: "yes" } });
      await cloudFormation.send(new UpdateStackCommand({ StackName, TemplateBody }));
      const { StackResourceSummaries = [] } = await cloudFormation.send(
        new ListStackResourcesCommand({ StackName }),
      );
      expect(StackResourceSummaries.map(({ PhysicalResourceId }) => PhysicalResourceId)).to.deep.equal([
        logGroupName,
      ]);
      await cloudFormation.send(new DeleteStackCommand({ StackName }));
      const { logGroups = [] } = await cloudWatchLogs.send(
        new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }),
      );
      expect(logGroups.map((group) => group.logGroupName)).to.deep.equal([logGroupName]);
    },
  },
  {
    title: "keeps saved queries of the logs, changes them and forgets them",
    check: async ({ cloudWatchLogs }) => {
      const put = { name: "folder/failures", queryString: "filter level = 1", logGroupNames: ["/greetings"] };
      const { queryDefinitionId = "" } = await cloudWatchLogs.send(new PutQueryDefinitionCommand(put));
      await cloudWatchLogs.send(
        new PutQueryDefinitionCommand({ ...put, queryDefinitionId, queryString: "filter level = 2" }),
      );
      const describe = new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix: "folder/" });
      const { queryDefinitions = [] } = await cloudWatchLogs.send(describe);
      expect(queryDefinitions).to.have.lengthOf(1);
      expect(queryDefinitions[0]).to.deep.include({
        ...put,
        queryDefinitionId,
        queryString: "filter level = 2",
      });
      await cloudWatchLogs.send(new DeleteQueryDefinitionCommand({ queryDefinitionId }));
      expect((await cloudWatchLogs.send(describe)).queryDefinitions).to.deep.equal([]);
    },
  },
  {
    title: "stops all tasks of a service, which has said for a while that it cannot start others",
    check: async ({ ecs }) => {
      await ecs.send(new CreateClusterCommand({ clusterName: "stopping" }));
      await ecs.send(
        new RegisterTaskDefinitionCommand({
          family: "stopping",
          containerDefinitions: [{ name: "wordpress", image: "wordpress", memory: 512 }],
        }),
      );
      await ecs.send(
        new CreateServiceCommand({
          cluster: "stopping",
          serviceName: "shop",
          taskDefinition: "stopping",
          desiredCount: 1,
        }),
      );
      const task = "service/shop";
      await ecs.send(new StopTaskCommand({ cluster: "stopping", task, reason: "has no capacity" }));
      const { services: [service] = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster: "stopping", services: ["shop"] }),
      );
      expect(service).to.include({ runningCount: 0, desiredCount: 1 });
      const [newest, oldest] = service?.events ?? [];
      expect(newest?.message).to.equal("(service shop) has no capacity");
      const lastedMs = (newest?.createdAt?.getTime() ?? 0) - (oldest?.createdAt?.getTime() ?? 0);
      expect(lastedMs).to.be.at.least(10 * 60_000);
    },
  },
  {
    title: "invokes the version that the alias is at, and says what came of it",
    check: async ({ lambda }) => {
      const { ExecutedVersion, FunctionError, Payload } = await lambda.send(
        new InvokeCommand({ ...FUNCTION, Qualifier: "live", Payload: '{"a":1}' }),
      );
      expect(JSON.parse(Payload?.transformToString() ?? "null")).to.deep.equal({
        ranVersion: "1",
        qualifier: "live",
        payload: '{"a":1}',
      });
      expect([ExecutedVersion, FunctionError]).to.deep.equal(["1", "Unhandled"]);
    },
  },
  {
    title: "says so when a function could not be executed",
    check: async ({ lambda }) => {
      const invoke = new InvokeCommand({ ...FUNCTION, Qualifier: "live", Payload: UNEXECUTABLE });
      expect(await nameOfError(lambda.send(invoke))).to.equal("ServiceException");
    },
  },
  {
    title: "remembers how a function logs",
    check: async ({ lambda }) => {
      const { LoggingConfig } = await lambda.send(new GetFunctionConfigurationCommand(FUNCTION));
      expect(LoggingConfig).to.deep.equal({ LogFormat: "JSON", LogGroup: "/greetings" });
    },
  },
  {
    title: "keeps an event-invoke configuration for each alias",
    check: async ({ lambda }) => {
      for (const [Qualifier, MaximumRetryAttempts] of [
        ["live", 1],
        ["other", 2],
      ] as const)
        await lambda.send(
          new PutFunctionEventInvokeConfigCommand({ ...FUNCTION, Qualifier, MaximumRetryAttempts }),
        );
      const { MaximumRetryAttempts } = await lambda.send(
        new GetFunctionEventInvokeConfigCommand({ ...FUNCTION, Qualifier: "other" }),
      );
      expect(MaximumRetryAttempts).to.equal(2);
    },
  },
  {
    title: "tells the permissions of the alias that was asked for, and no others",
    check: async ({ lambda }) => {
      for (const Qualifier of ["live", "other"])
        await lambda.send(
          new AddPermissionCommand({
            ...FUNCTION,
            Qualifier,
            StatementId: Qualifier,
            Action: "lambda:InvokeFunction",
            Principal: "events.amazonaws.com",
          }),
        );
      const { Policy = "" } = await lambda.send(new GetPolicyCommand({ ...FUNCTION, Qualifier: "other" }));
      const { Statement } = JSON.parse(Policy) as { Statement: { Sid: string }[] };
      expect(Statement.map(({ Sid }) => Sid)).to.deep.equal(["other"]);
    },
  },
  {
    title: "refuses to move an alias that someone else has moved",
    check: async ({ lambda }) => {
      const { RevisionId } = await lambda.send(new GetAliasCommand({ ...FUNCTION, Name: "other" }));
      const move = new UpdateAliasCommand({ ...FUNCTION, Name: "other", FunctionVersion: "1", RevisionId });
      await lambda.send(move);
      expect(await nameOfError(lambda.send(move))).to.equal("PreconditionFailedException");
    },
  },
  {
    title: "leaves a queue's policy when another attribute is set",
    check: async ({ sqs }) => {
      const { QueueUrl } = await sqs.send(
        new CreateQueueCommand({ QueueName: "parked", Attributes: { Policy: QUEUE_POLICY } }),
      );
      await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: "60" } }));
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] }),
      );
      expect(JSON.parse(Attributes?.Policy ?? "null")).to.deep.equal(JSON.parse(QUEUE_POLICY));
    },
  },
  {
    title: "counts a metric by all of its dimensions",
    check: async ({ cloudWatch }) => {
      const ofFunction = [{ Name: "FunctionName", Value: "greeter" }];
      const ofAlias = [...ofFunction, { Name: "Resource", Value: "greeter:live" }];
      const metric = { Namespace: "AWS/Lambda", MetricName: "Errors" } as const;
      await cloudWatch.send(
        new PutMetricDataCommand({
          Namespace: metric.Namespace,
          MetricData: [ofFunction, ofAlias].map((Dimensions) => ({
            MetricName: metric.MetricName,
            Dimensions,
            Value: 1,
          })),
        }),
      );
      const now = Date.now();
      const { Datapoints = [] } = await cloudWatch.send(
        new GetMetricStatisticsCommand({
          ...metric,
          Dimensions: ofFunction,
          Statistics: ["Sum"],
          StartTime: new Date(now - 3_600_000),
          EndTime: new Date(now + 60_000),
          Period: 3600,
        }),
      );
      expect(Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0)).to.equal(1);
    },
  },
  {
    title: "serves a bucket that demands TLS",
    check: async ({ s3 }) => {
      const Bucket = "tls-only";
      await s3.send(
        new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "af-south-1" } }),
      );
      await s3.send(new PutObjectCommand({ Bucket, Key: "state", Body: "kept" }));
      const policy = {
        Version: "2012-10-17",
        Statement: {
          Effect: "Deny",
          Principal: "*",
          Action: "s3:*",
          Resource: `arn:aws:s3:::${Bucket}/*`,
          Condition: { Bool: { "aws:SecureTransport": "false" } },
        },
      };
      await s3.send(
        new PutBucketPolicyCommand({
          Bucket,
          Policy: JSON.stringify({ ...policy, Statement: [policy.Statement] }),
        }),
      );
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: "state" }));
      expect(await Body?.transformToString()).to.equal("kept");
    },
  },
  {
    title: "keeps the newer versions that a bucket's rules spare",
    check: async ({ s3 }) => {
      const Bucket = "lifecycle";
      await s3.send(
        new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: "af-south-1" } }),
      );
      const find = new GetBucketLifecycleConfigurationCommand({ Bucket });
      const missing = await s3.send(find).catch((error: unknown) => error);
      expect(missing).to.have.property("name", "NoSuchLifecycleConfiguration");
      const spared = { NoncurrentDays: 365, NewerNoncurrentVersions: 20 };
      const Rules: LifecycleRule[] = [
        {
          ID: "a",
          Status: "Enabled",
          Filter: { Prefix: "a" },
          Expiration: { ExpiredObjectDeleteMarker: true },
        },
        { ID: "b", Status: "Enabled", Filter: { Prefix: "b" }, NoncurrentVersionExpiration: spared },
      ];
      await s3.send(
        new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }),
      );
      expect((await s3.send(find)).Rules).to.deep.equal(Rules);
    },
  },
  {
    title: "says whether a pattern lets an event through",
    check: async ({ eventBridge }) => {
      const test = async (cluster: string) => {
        const { Result } = await eventBridge.send(
          new TestEventPatternCommand({
            EventPattern: JSON.stringify({
              source: ["aws.ecs"],
              $or: [{ resources: [{ prefix: "arn:one/" }] }, { detail: { clusterArn: ["arn:one"] } }],
            }),
            Event: JSON.stringify({ source: "aws.ecs", resources: [`arn:${cluster}/shop`], detail: {} }),
          }),
        );
        return Result;
      };
      expect([await test("one"), await test("two")]).to.deep.equal([true, false]);
    },
  },
  {
    title: "runs a task of a service that wants one",
    check: async ({ ecs }) => {
      const cluster = "shops";
      await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
      await ecs.send(
        new RegisterTaskDefinitionCommand({
          family: "shop",
          containerDefinitions: [{ name: "shop", image: "shop", memory: 128 }],
        }),
      );
      const { service } = await ecs.send(
        new CreateServiceCommand({ cluster, serviceName: "shop", taskDefinition: "shop", desiredCount: 1 }),
      );
      expect(service?.runningCount).to.equal(1);
    },
  },
];

/** Before the restart: `keepRow`, and `deployFunction`. */
const RESTART: Correction = {
  title: "knows after a restart what it knew before",
  check: async ({ dynamoDb, lambda }) => {
    const { Item } = await dynamoDb.send(
      new GetItemCommand({ TableName: KEPT_TABLE, Key: { id: { S: "a" } } }),
    );
    expect(Item?.["said"]).to.deep.equal({ S: "hello" });
    const { FunctionVersion } = await lambda.send(new GetAliasCommand({ ...FUNCTION, Name: "live" }));
    expect(FunctionVersion).to.equal("1");
  },
};

const KEPT_TABLE = "kept";

const keepRow = async ({ dynamoDb }: Aws): Promise<void> => {
  await dynamoDb.send(createTable(KEPT_TABLE));
  await dynamoDb.send(
    new PutItemCommand({ TableName: KEPT_TABLE, Item: { id: { S: "a" }, said: { S: "hello" } } }),
  );
};

const createTable = (TableName: string): CreateTableCommand =>
  new CreateTableCommand({
    TableName,
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    BillingMode: "PAY_PER_REQUEST",
  });

/** So many items that writing down what moto knows takes longer than a request. */
const fill = async (dynamoDb: DynamoDBClient, TableName: string): Promise<void> => {
  const batches = Array.from({ length: 120 }, (_, batch) =>
    Array.from({ length: 25 }, (_item, item) => ({
      PutRequest: { Item: { id: { S: `old-${batch}-${item}` } } },
    })),
  );
  await Promise.all(
    batches.map((batch) =>
      dynamoDb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: batch } })),
    ),
  );
};

const AWAY_MS = 100;

/** Writes items until it is told to stop; which ones DynamoDB has taken, as far as it has said so. */
const writeUntil = async (dynamoDb: DynamoDBClient, TableName: string, isOver: () => boolean) => {
  const taken: string[] = [];
  const write = async (writer: number): Promise<void> => {
    for (let number = 0; !isOver(); number++) {
      const id = `${writer}-${number}`;
      try {
        await dynamoDb.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
        taken.push(id);
      } catch {
        // The emulator is away; whether the item was written, nobody knows. To ask all the time would only make it come back later.
        await wait(AWAY_MS);
      }
    }
  };
  await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)));
  return taken;
};

const idsIn = async (dynamoDb: DynamoDBClient, TableName: string): Promise<Set<string>> => {
  const ids = new Set<string>();
  for await (const { Items = [] } of paginateScan({ client: dynamoDb }, { TableName }))
    for (const { id } of Items) ids.add(id?.S ?? "");
  return ids;
};

const nameOfError = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
    return "none";
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
};

/** By hand, for want of any other use of the IAM client. */
const createRole = async (emulator: OwnEmulator, accessKeyId: string): Promise<void> => {
  const { ok } = await fetch(emulator.endpoint, {
    method: "POST",
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/iam/aws4_request`,
    },
    body: new URLSearchParams({
      Action: "CreateRole",
      Version: "2010-05-08",
      RoleName: "greeter",
      AssumeRolePolicyDocument: "{}",
    }),
  });
  expect(ok).to.be.true;
};

/** A function of two versions, an alias at the first and another at the second. */
const deployFunction = async ({ lambda }: Aws): Promise<void> => {
  await lambda.send(
    new CreateFunctionCommand({
      ...FUNCTION,
      Role: "arn:aws:iam::210987654321:role/greeter",
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code: { ZipFile: zipOf("first") },
      LoggingConfig: { LogFormat: "JSON", LogGroup: "/greetings" },
      Publish: true,
    }),
  );
  await lambda.send(new UpdateFunctionCodeCommand({ ...FUNCTION, ZipFile: zipOf("second") }));
  await lambda.send(new PublishVersionCommand(FUNCTION));
  await lambda.send(new CreateAliasCommand({ ...FUNCTION, Name: "live", FunctionVersion: "1" }));
  await lambda.send(new CreateAliasCommand({ ...FUNCTION, Name: "other", FunctionVersion: "2" }));
};

/** What the runner below fails to execute. */
const UNEXECUTABLE = '"unexecutable"';

/** Stands in for the runner: tells what it was asked to execute. */
const startEchoRunner = async () => {
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const { configuration, qualifier, payload } = body as Invocation;
      const said = JSON.stringify({ ranVersion: configuration.Version, qualifier, payload });
      const answer =
        payload === UNEXECUTABLE
          ? { statusCode: 500, payload: "{}", errorType: "ServiceException" }
          : { statusCode: 200, payload: said, functionError: "Unhandled" };
      response.end(JSON.stringify(answer));
    });
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};

// eslint-disable-next-line no-restricted-syntax -- an edge
const variables = { ...withoutAws(process.env), MOTO_IAM_LOAD_MANAGED_POLICIES: "false" };
const found = await findMoto(variables);

if (found === undefined) {
  console.warn(`moto was NOT TESTED: there is no python3 with moto (pip install "moto[server]")`);
} else {
  const { python } = found;

  for (const { name, program, isMended } of [
    { name: "moto, corrected,", program: MENDED_MOTO, isMended: true },
    { name: "moto as it is", program: ["-c", "import moto.server; moto.server.main()"], isMended: false },
  ]) {
    describe(name, () => {
      let folder: string;
      let runner: Awaited<ReturnType<typeof startEchoRunner>>;
      let emulator: OwnEmulator;
      let aws: Aws;

      before(async () => {
        folder = await mkdtemp(join(tmpdir(), "moto-"));
        runner = await startEchoRunner();
        emulator = await startMoto({ python, env: variables, folder, runnerUrl: runner.url, program });
        const account = await signIn(
          emulator.endpoint,
          "af-south-1",
          "arn:aws:iam::210987654321:role/tester",
        );
        ({ aws } = account);
        await createRole(emulator, account.variables["AWS_ACCESS_KEY_ID"] ?? "");
      });

      after(async () => {
        await emulator.stop();
        runner.close();
        await rm(folder, { recursive: true });
      });

      const corrects = ({ title, check }: Correction): void => {
        it(isMended ? title : `needs mending: it is not so that it ${title}`, async () => {
          if (isMended) await check(aws);
          else expect(await nameOfError(check(aws))).to.not.equal("none");
        });
      };

      it("deploys a function, and keeps a row", async () => {
        await deployFunction(aws);
        await keepRow(aws);
        await RESTART.check(aws);
      });

      for (const correction of CORRECTIONS) corrects(correction);

      if (isMended)
        it("has forgotten nothing, after restarts, that it has said was written meanwhile", async () => {
          const TableName = "written";
          await aws.dynamoDb.send(createTable(TableName));
          await fill(aws.dynamoDb, TableName);
          let isOver = false;
          const writing = writeUntil(aws.dynamoDb, TableName, () => isOver);
          for (let time = 0; time < 3; time++) {
            await emulator.restart(() => Promise.resolve());
            await aws.dynamoDb.send(
              new PutItemCommand({ TableName, Item: { id: { S: `between-${time}` } } }),
            );
          }
          isOver = true;
          const taken = await writing;
          const kept = await idsIn(aws.dynamoDb, TableName);
          expect(taken.filter((id) => !kept.has(id))).to.deep.equal([]);
          expect(taken).to.not.be.empty;
        });
      else
        it("comes back after a restart", async () => {
          await emulator.restart(() => Promise.resolve());
        });

      corrects(RESTART);
    });
  }

  describe("moto's DynamoDB", () => {
    /** One after the other in one Python, as starting moto takes longest. */
    const mostWritesAtOnce = lazy(async () => {
      const program = `
import sys, threading, time
sys.path.insert(0, ${JSON.stringify(dirname(MENDED_MOTO[0] ?? ""))})
from moto_writes import mend_dynamodb_writes
from moto.dynamodb.models import DynamoDBBackend
running, most = 0, 0
def update_item(self):
    global running, most
    running += 1
    most = max(most, running)
    time.sleep(0.05)
    running -= 1
def measure():
    global most
    most = 0
    threads = [threading.Thread(target=DynamoDBBackend.update_item, args=(None,)) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
    print(most)
DynamoDBBackend.update_item = update_item
measure()
mend_dynamodb_writes()
measure()`;
      const { stdout } = await promisify(execFile)(python, ["-c", program], { env: variables });
      const [asItIs, corrected] = stdout.split("\n");
      return { asItIs, corrected };
    });

    it("needs mending: it writes items while it writes others", async () => {
      expect((await mostWritesAtOnce()).asItIs).to.equal("4");
    });

    it("writes one item at a time when corrected", async () => {
      expect((await mostWritesAtOnce()).corrected).to.equal("1");
    });
  });
}
