import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { CreatePolicyCommand, CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateFunctionCommand, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateScheduleCommand } from "@aws-sdk/client-scheduler";
import { CreateTopicCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { zipSync } from "fflate";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Aws } from "../../../ops/aws/clients.ts";
import { signIn } from "../../../rehearsal/emulator/account.ts";
import { CALLS_FILE, type OwnEmulator, startMoto } from "../../../rehearsal/emulator/moto/moto.ts";
import { findMoto } from "../../../rehearsal/find-tools.ts";
import { neededRights } from "../../../rehearsal/rights/needed-rights.ts";
import { readCalls, type RecordedCall } from "../../../rehearsal/rights/recorded-call.ts";
import { withoutAws } from "../../../rehearsal/variables.ts";

const ACCOUNT = "210987654321";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/tester`;
const PASSED = `arn:aws:iam::${ACCOUNT}:role/passed`;
const BOUNDARY = `arn:aws:iam::${ACCOUNT}:policy/boundary`;
const TRUST = JSON.stringify({ Version: "2012-10-17", Statement: [] });
const EVERYTHING = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
});

const makeCalls = async (aws: Aws): Promise<void> => {
  await aws.iam.send(new CreatePolicyCommand({ PolicyName: "boundary", PolicyDocument: EVERYTHING }));
  await aws.iam.send(
    new CreateRoleCommand({
      RoleName: "passed",
      AssumeRolePolicyDocument: TRUST,
      PermissionsBoundary: BOUNDARY,
      Tags: [{ Key: "a", Value: "b" }],
    }),
  );
  await aws.iam.send(
    new PutRolePolicyCommand({ RoleName: "passed", PolicyName: "inline", PolicyDocument: EVERYTHING }),
  );
  await aws.lambda.send(
    new CreateFunctionCommand({
      FunctionName: "greeter",
      Role: PASSED,
      Handler: "index.handler",
      Runtime: "nodejs22.x",
      Code: { ZipFile: zipSync({ "index.js": Buffer.from("") }) },
    }),
  );
  await aws.lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: "greeter", Qualifier: "$LATEST" }),
  );
  await aws.s3.send(new CreateBucketCommand({ Bucket: "states" }));
  await aws.s3.send(new PutObjectCommand({ Bucket: "states", Key: "a/state.tflock", Body: "secret" }));
  await aws.s3.send(new DeleteObjectCommand({ Bucket: "states", Key: "a/state.tflock" }));
  await aws.dynamoDb.send(
    new CreateTableCommand({
      TableName: "rows",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  await aws.dynamoDb.send(new DescribeTableCommand({ TableName: "rows" }));
  const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: "parked", tags: { a: "b" } }));
  await aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl }));
  await aws.sns.send(new CreateTopicCommand({ Name: "told" }));
  await aws.cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ["one", "two"] }));
  await aws.cloudWatchLogs.send(new DescribeLogGroupsCommand({}));
  await aws.scheduler.send(
    new CreateScheduleCommand({
      Name: "often",
      ScheduleExpression: "rate(1 day)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: `arn:aws:lambda:af-south-1:${ACCOUNT}:function:greeter`,
        RoleArn: PASSED,
        Input: "secret",
      },
    }),
  );
};

/** What IAM asks about for those calls. In AWS the same; here by every protocol that the services speak. */
const EXPECTED = [
  `iam:CreatePolicy on *`,
  `iam:CreateRole on ${PASSED} (${BOUNDARY})`,
  `iam:TagRole on ${PASSED} (${BOUNDARY})`,
  `iam:PutRolePolicy on ${PASSED} (${BOUNDARY})`,
  `lambda:CreateFunction on arn:aws:lambda:af-south-1:${ACCOUNT}:function:greeter`,
  `iam:PassRole on ${PASSED} (lambda.amazonaws.com)`,
  `lambda:GetFunctionConfiguration on arn:aws:lambda:af-south-1:${ACCOUNT}:function:greeter:$LATEST`,
  "s3:CreateBucket on arn:aws:s3:::states",
  "s3:PutObject on arn:aws:s3:::states/a/state.tflock",
  "s3:DeleteObject on arn:aws:s3:::states/a/state.tflock",
  `dynamodb:CreateTable on arn:aws:dynamodb:af-south-1:${ACCOUNT}:table/rows`,
  `dynamodb:DescribeTable on arn:aws:dynamodb:af-south-1:${ACCOUNT}:table/rows`,
  `sqs:CreateQueue on arn:aws:sqs:af-south-1:${ACCOUNT}:parked`,
  `sqs:TagQueue on arn:aws:sqs:af-south-1:${ACCOUNT}:parked`,
  `sqs:GetQueueAttributes on arn:aws:sqs:af-south-1:${ACCOUNT}:parked`,
  `sns:CreateTopic on arn:aws:sns:af-south-1:${ACCOUNT}:told`,
  `cloudwatch:DescribeAlarms on arn:aws:cloudwatch:af-south-1:${ACCOUNT}:alarm:one`,
  `cloudwatch:DescribeAlarms on arn:aws:cloudwatch:af-south-1:${ACCOUNT}:alarm:two`,
  "logs:DescribeLogGroups on *",
  `scheduler:CreateSchedule on arn:aws:scheduler:af-south-1:${ACCOUNT}:schedule/default/often`,
  `iam:PassRole on ${PASSED} (scheduler.amazonaws.com)`,
];

const rightsIn = async (calls: readonly RecordedCall[]): Promise<readonly string[]> =>
  (await Promise.all(calls.map(neededRights))).flat().map(({ action, resources, context }) => {
    const condition = context["iam:PermissionsBoundary"] ?? context["iam:PassedToService"];
    return `${action} on ${resources.join(" or ")}${condition === undefined ? "" : ` (${condition})`}`;
  });

// eslint-disable-next-line no-restricted-syntax -- an edge
const variables = { ...withoutAws(process.env), MOTO_IAM_LOAD_MANAGED_POLICIES: "false" };
const found = await findMoto(variables);

if (found === undefined) {
  console.warn(`moto's calls were NOT TESTED: there is no python3 with moto (pip install "moto[server]")`);
} else {
  describe("the calls that the emulator writes down", () => {
    let folder: string;
    let emulator: OwnEmulator;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), "moto-"));
      emulator = await startMoto({ python: found.python, env: variables, folder, runnerUrl: "" });
    });

    after(async () => {
      await emulator.stop();
      await rm(folder, { recursive: true });
    });

    it("say who did what on what, whatever the protocol, and nothing of anybody's data", async () => {
      const { aws } = await signIn(emulator.endpoint, "af-south-1", ROLE, "mine");
      const others = await signIn(emulator.endpoint, "af-south-1", ROLE, "others");
      await makeCalls(aws);
      await others.aws.cloudWatchLogs.send(new DescribeLogGroupsCommand({}));
      const calls = readCalls(join(folder, CALLS_FILE));
      const own = calls.filter(({ session }) => session === "mine");
      expect(new Set(own.map(({ role }) => role))).to.deep.equal(new Set([ROLE]));
      expect(calls.filter(({ session }) => session === "others")).to.have.lengthOf(1);
      expect(await rightsIn(own)).to.deep.equal(EXPECTED);
      expect(JSON.stringify(calls)).to.not.include("secret");
    });

    it("are missed where there are none", () => {
      expect(() => readCalls(join(folder, "no-such-file"))).to.throw("has written no calls");
    });
  });
}
