import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { recordedPlan } from "../../ci/terraform.ts";
import { allOfDev, dev, devNames, healthyDev, identityIn, stateAnswer } from "../healthy-dev.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { run, type Run, type RunOptions } from "../run.ts";

const QUEUE_URL = "https://sqs.af-south-1.amazonaws.com/dlq";
const STACK = "bbws-ecs-event-handler-dev";

const RESOURCES = {
  Handler: ["AWS::Lambda::Function", devNames.functionName],
  Version1: ["AWS::Lambda::Version", `${devNames.functionArn}:1`],
  Role: ["AWS::IAM::Role", "bbws-ecs-event-handler-dev-HandlerRole-1A2B3C"],
  Dlq: ["AWS::SQS::Queue", QUEUE_URL],
  DlqPolicy: ["AWS::SQS::QueuePolicy", "some-id"],
  Logs: ["AWS::Logs::LogGroup", devNames.logGroupName],
  Rule: ["AWS::Events::Rule", "bbws-ecs-event-handler-dev-Rule-1A2B3C"],
  Permission: ["AWS::Lambda::Permission", "sam-1"],
} as const;

const templateOf = (resources: Readonly<Record<string, readonly string[]>>): string =>
  JSON.stringify({
    Parameters: { Environment: { Type: "String" } },
    Resources: Object.fromEntries(
      Object.entries(resources).map(([logicalId, [Type]]) => [logicalId, { Type, Properties: { a: 1 } }]),
    ),
  });

const stackAnswers = (
  resources: Readonly<Record<string, readonly string[]>> = RESOURCES,
  status = "CREATE_COMPLETE",
): Answers => {
  let template = templateOf(resources);
  let current = status;
  return {
    DescribeStacksCommand: () => ({
      Stacks: [
        {
          StackId: "arn:stack",
          StackName: STACK,
          StackStatus: current,
          Parameters: [{ ParameterKey: "Environment", ParameterValue: "dev" }],
        },
      ],
    }),
    GetTemplateCommand: () => ({ TemplateBody: template }),
    ListStackResourcesCommand: () => ({
      StackResourceSummaries: Object.entries(resources).map(([LogicalResourceId, [type, id]]) => ({
        LogicalResourceId,
        ResourceType: type,
        PhysicalResourceId: id,
        ResourceStatus: "CREATE_COMPLETE",
      })),
    }),
    UpdateStackCommand: ({ TemplateBody }: { TemplateBody: string }) => {
      template = TemplateBody;
      current = "UPDATE_COMPLETE";
      return {};
    },
    DeleteStackCommand: () => {
      current = "DELETE_COMPLETE";
      return {};
    },
  };
};

/** What a SAM deployment has left: nothing of it is in the state. */
const OLD = [
  "aws_lambda_function.function",
  "aws_sqs_queue.dead-letter-queue",
  "aws_cloudwatch_log_group.log-group",
];

const samDev = (): Answers => ({
  ...healthyDev(),
  ...stateAnswer(
    allOfDev()
      .map(({ address }) => address)
      .filter((address) => !OLD.includes(address)),
  ),
  GetFunctionCommand: () => ({
    Configuration: { Environment: { Variables: { ENVIRONMENT: "dev" } } },
    Tags: { "aws:cloudformation:stack-name": STACK },
  }),
  GetQueueUrlCommand: () => ({ QueueUrl: QUEUE_URL }),
  GetQueueAttributesCommand: () => ({
    Attributes: { ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "0" },
  }),
  ListRuleNamesByTargetCommand: ({ TargetArn }: { TargetArn: string }) => ({
    RuleNames:
      TargetArn === devNames.aliasArn ? [...Object.values(devNames.ruleNames), RESOURCES.Rule[1]] : [],
  }),
  DescribeQueryDefinitionsCommand: () => ({ queryDefinitions: [] }),
  GetDashboardCommand: () => ({}),
  GetTopicAttributesCommand: () => ({}),
  ListSubscriptionsByTopicCommand: () => ({ Subscriptions: [] }),
  ...stackAnswers(),
});

/** Terraform and the synthesis, which leaves a folder. */
const programs = (plan: string, started: (command: string) => void = () => undefined): RunOptions => ({
  startProgram: (file, [command = ""], { output, variables }) => {
    started(command);
    if (file !== "terraform")
      mkdirSync(join(variables?.["CDKTF_OUTDIR"] ?? "", "stacks", "dev"), { recursive: true });
    if (command === "show") output.write(readFileSync(recordedPlan(plan), "utf8"));
    return Promise.resolve(0);
  },
});

const changed = ({ aws }: Run): readonly string[] =>
  aws.calls
    .map(({ command }) => command)
    .filter((command) => !/^(Get|List|Describe|Head|Scan|Invoke|Filter)/.test(command));

describe("ops adopt", () => {
  interface Refusal {
    readonly when: string;
    readonly words?: string;
    readonly answers: Answers;
    readonly check: string;
    readonly line: RegExp;
  }

  const refusals: readonly Refusal[] = [
    {
      when: "there are no rights for CloudFormation",
      answers: {
        DescribeStacksCommand: () => {
          throw awsError("AccessDenied", "not authorized to perform: cloudformation:DescribeStacks");
        },
      },
      check: "Old stack",
      line: /^fail: access denied: .*cloudformation:DescribeStacks$/,
    },
    {
      when: "the stack is in UPDATE_ROLLBACK_FAILED",
      answers: stackAnswers(RESOURCES, "UPDATE_ROLLBACK_FAILED"),
      check: "Old stack",
      line: /^fail: the stack .* is in UPDATE_ROLLBACK_FAILED\. .*: aws cloudformation continue-update-rollback --stack-name/,
    },
    {
      when: "an update of the stack is under way",
      answers: stackAnswers(RESOURCES, "UPDATE_IN_PROGRESS"),
      check: "Old stack",
      line: /Wait until it has finished$/,
    },
    {
      when: "the stack that was named does not exist",
      words: "--stack nope",
      answers: {
        DescribeStacksCommand: () => {
          throw awsError("ValidationError", "Stack with id nope does not exist");
        },
      },
      check: "Old stack",
      line: /^fail: there is no stack nope/,
    },
    {
      when: "the credentials are of another account",
      answers: identityIn("093646564004"),
      check: "AWS account",
      line: /^fail: expected 536580886816 \(dev\), found 093646564004/,
    },
    {
      when: "the stack owns something in another account",
      answers: stackAnswers({
        ...RESOURCES,
        Topic: ["AWS::SNS::Topic", "arn:aws:sns:af-south-1:999999999999:alerts"],
      }),
      check: "The stack is this system's",
      line: /found AWS::SNS::Topic arn:aws:sns:af-south-1:999999999999:alerts\. Deleting the stack/,
    },
    {
      when: "a role has the name by accident",
      answers: {
        ...stateAnswer(
          allOfDev()
            .map(({ address }) => address)
            .filter((address) => !OLD.includes(address) && !address.endsWith(".function-role")),
        ),
        GetRoleCommand: () => ({
          Role: { AssumeRolePolicyDocument: encodeURIComponent('{"Service":"ec2.amazonaws.com"}') },
        }),
      },
      check: "No names by accident",
      line: /aws_iam_role\.function-role\): it is not for lambda\.amazonaws\.com but for ec2\.amazonaws\.com/,
    },
    {
      when: "the stack is of another account",
      words: "--stack arn:aws:cloudformation:af-south-1:999999999999:stack/x/1",
      answers: {},
      check: "Old stack",
      line: /^fail: .* is of the account 999999999999 in af-south-1/,
    },
    {
      when: "the stack owns more than this system",
      answers: stackAnswers({ ...RESOURCES, Tenants: ["AWS::DynamoDB::Table", "bbws-tenants-dev"] }),
      check: "The stack is this system's",
      line: /found AWS::DynamoDB::Table bbws-tenants-dev\. Deleting the stack would take these from others/,
    },
    {
      when: "a rule of the stack serves others too",
      answers: {
        ListTargetsByRuleCommand: ({ Rule }: { Rule: string }) => ({
          Targets:
            Rule === RESOURCES.Rule[1]
              ? [
                  { Id: "1", Arn: devNames.aliasArn },
                  { Id: "2", Arn: "arn:aws:sns:af-south-1:1:others" },
                ]
              : [{ Id: "event-handler", Arn: devNames.aliasArn }],
        }),
      },
      check: "The stack is this system's",
      line: /the rule .*, which also serves arn:aws:sns:af-south-1:1:others/,
    },
    {
      when: "the stack owns nothing of this system",
      answers: stackAnswers({ Role: ["AWS::IAM::Role", "another"] }),
      check: "The stack is this system's",
      line: /owns none of this system's resources\. The names match by accident/,
    },
    {
      when: "a function has its name by accident",
      answers: { GetFunctionCommand: () => ({ Configuration: {} }) },
      check: "No names by accident",
      line: /bbws-ecs-event-handler-dev \(aws_lambda_function\.function\): its variable ENVIRONMENT is not set, not dev/,
    },
  ];
  for (const { when, words = "", answers, check, line } of refusals)
    for (const apply of ["", "--apply"])
      it(`refuses, and changes nothing, when ${when} ${apply}`, async () => {
        const done = await run(`adopt dev ${words} ${apply} --json`, {
          answers: { ...samDev(), ...answers },
        });
        expect(lineOf(done, check)).to.match(line);
        expect(done.exitCode).to.equal(1);
        expect(changed(done)).to.deep.equal([]);
      });

  it("refuses, and changes nothing, when Terraform would destroy or replace something", async () => {
    const done = await run("adopt dev --apply --json", { answers: samDev(), ...programs("mixed") });
    expect(lineOf(done, "Plan")).to.match(
      /^fail: expected nothing that is destroyed or replaced, found destroy /,
    );
    expect(changed(done)).to.deep.equal([]);
  });

  it("shows what would become of what, and changes nothing", async () => {
    const done = await run("adopt dev --json", { answers: samDev(), ...programs("fresh") });
    expect(done.exitCode, done.stdout).to.equal(0);
    expect(changed(done)).to.deep.equal([]);
    const { takeover } = reportOf(done).result as {
      takeover: { action: string; what: string; id: string }[];
    };
    const rows = takeover.map(({ action, what, id }) => `${action}: ${what} ${id}`);
    expect(rows).to.include(`import: aws_cloudwatch_log_group.log-group ${devNames.logGroupName}`);
    expect(rows).to.include(`old stack leaves behind: AWS::Lambda::Version ${devNames.functionArn}:1`);
    expect(rows).to.include(`old stack keeps: AWS::Events::Rule ${RESOURCES.Rule[1]}`);
    expect(rows).to.include(`left alone: looked up only ${dev.tenants.table}`);
  });

  it("has the old stack leave behind what is taken over before anything is applied", async () => {
    const order: string[] = [];
    const answers = samDev();
    const done = await run("adopt dev --apply --json", {
      answers: {
        ...answers,
        UpdateStackCommand: (input: never) => {
          order.push("UpdateStack");
          return answers["UpdateStackCommand"]?.(input);
        },
      },
      ...programs("fresh", (command) => order.push(command)),
    });
    expect(lineOf(done, "Old stack leaves behind what is taken over")).to.equal(
      "pass: DeletionPolicy: Retain for Handler, Version1, Dlq, DlqPolicy, Logs",
    );
    expect(order.slice(-2)).to.deep.equal(["UpdateStack", "apply"]);
    const [update] = done.aws.callsOf("UpdateStackCommand");
    expect(update?.["Parameters"]).to.deep.equal([{ ParameterKey: "Environment", UsePreviousValue: true }]);
  });

  it("finishes nothing before all is taken over", async () => {
    const done = await run("adopt dev --finish --json", { answers: samDev() });
    expect(lineOf(done, "Taken over")).to.match(/npm run ops -- adopt dev --apply$/);
    expect(changed(done)).to.deep.equal([]);
  });

  it("finishes nothing while the old version is live", async () => {
    const answers = { ...samDev(), ...stateAnswer(allOfDev().map(({ address }) => address)) };
    const done = await run("adopt dev --finish --json", {
      answers: { ...answers, GetFunctionConfigurationCommand: () => ({ Role: "arn:old", Version: "1" }) },
    });
    expect(lineOf(done, "Live version is the new one")).to.match(/found version 1 in the role arn:old/);
    expect(changed(done)).to.deep.equal([]);
  });

  it("does not delete a stack that would take with it what was taken over", async () => {
    const answers = { ...samDev(), ...stateAnswer(allOfDev().map(({ address }) => address)) };
    const done = await run("adopt dev --finish --json", {
      answers: {
        ...answers,
        GetFunctionConfigurationCommand: () => ({ Role: devNames.roleArn, Version: "2" }),
      },
    });
    expect(lineOf(done, "Old stack leaves behind what was taken over")).to.match(/found Handler, Version1, /);
    expect(changed(done)).to.deep.equal([]);
  });

  describe("--finish", () => {
    const FINISHED = stateAnswer(allOfDev().map(({ address }) => address));
    const released = {
      GetFunctionConfigurationCommand: () => ({ Role: devNames.roleArn, Version: "2" }),
    };
    for (const { when, words = "", answers, check, line } of refusals.filter(
      // What is in the state is ours: nothing is left that could be so by accident.
      ({ check: title }) => title !== "No names by accident",
    ))
      it(`refuses, and changes nothing, when ${when}`, async () => {
        const done = await run(`adopt dev ${words} --finish --json`, {
          answers: { ...samDev(), ...FINISHED, ...released, ...answers },
        });
        expect(lineOf(done, check)).to.match(line);
        expect(done.exitCode).to.equal(1);
        expect(changed(done)).to.deep.equal([]);
      });

    /** Only what was made by hand: a rule, and its permission on the alias. */
    const byHand = (...targets: readonly string[]): Answers => ({
      ...samDev(),
      ...FINISHED,
      ...released,
      DescribeStacksCommand: () => {
        throw awsError("ValidationError", "Stack does not exist");
      },
      ListTargetsByRuleCommand: () => ({ Targets: targets.map((Arn, index) => ({ Id: `${index}`, Arn })) }),
      GetPolicyCommand: ({ Qualifier }: { Qualifier?: string }) => ({
        Policy: JSON.stringify({
          Statement: ["old", "new"].map((name) => ({
            Sid: `${name}-${Qualifier ?? "function"}`,
            Condition: {
              ArnLike: {
                "AWS:SourceArn": `arn:aws:events:af-south-1:${dev.accountId}:rule/${name === "old" ? RESOURCES.Rule[1] : name}`,
              },
            },
          })),
        }),
      }),
      RemoveTargetsCommand: () => ({}),
      DeleteRuleCommand: () => ({}),
      RemovePermissionCommand: () => ({}),
    });

    it("deletes a rule made by hand, with its target and its permissions", async () => {
      const done = await run("adopt dev --finish --json", {
        answers: byHand(devNames.aliasArn),
        ...programs("fresh"),
      });
      expect(lineOf(done, "Old rules made by hand")).to.equal(`pass: ${RESOURCES.Rule[1]} deleted`);
      expect(changed(done).slice(0, 4)).to.deep.equal([
        "RemoveTargetsCommand",
        "DeleteRuleCommand",
        "RemovePermissionCommand",
        "RemovePermissionCommand",
      ]);
      expect(done.aws.callsOf("RemovePermissionCommand").map(({ StatementId }) => StatementId)).to.deep.equal(
        ["old-function", `old-${devNames.aliasName}`],
      );
    });

    it("removes what an interruption has left of a rule: one without a target, and the permissions of one that is gone", async () => {
      const left = RESOURCES.Rule[1];
      for (const [targets, deletions] of [
        [() => ({ Targets: [] }), [{ Name: left }]],
        [
          () => {
            throw awsError("ResourceNotFoundException");
          },
          [],
        ],
      ] as const) {
        const done = await run("adopt dev --finish --json", {
          answers: {
            ...byHand(),
            ListRuleNamesByTargetCommand: ({ TargetArn }: { TargetArn: string }) => ({
              RuleNames: TargetArn === devNames.aliasArn ? Object.values(devNames.ruleNames) : [],
            }),
            ListTargetsByRuleCommand: ({ Rule }: { Rule: string }) =>
              Rule === left ? targets() : { Targets: [{ Id: "1", Arn: "arn:aws:sns:af-south-1:1:others" }] },
          },
          ...programs("fresh"),
        });
        expect(lineOf(done, "Old rules made by hand")).to.equal(`pass: ${left} deleted`);
        expect(done.aws.callsOf("DeleteRuleCommand")).to.deep.equal(deletions);
        expect(done.aws.callsOf("RemovePermissionCommand")).to.have.length(2);
      }
    });

    it("takes only the function from a rule that serves others, too", async () => {
      const done = await run("adopt dev --finish --json", {
        answers: byHand(
          devNames.aliasArn,
          "arn:aws:sns:af-south-1:1:others",
          `${devNames.functionArn}-other`,
        ),
        ...programs("fresh"),
      });
      expect(lineOf(done, "Old rules made by hand")).to.include("kept, as it serves others");
      expect(done.aws.callsOf("RemoveTargetsCommand")).to.deep.equal([
        { Rule: RESOURCES.Rule[1], Ids: ["0"] },
      ]);
      expect(done.aws.callsOf("DeleteRuleCommand")).to.deep.equal([]);
    });
  });

  it("hands over a long template by way of the state bucket, where nothing of it stays", async () => {
    const answers = samDev();
    const long = `${"# a line of it\n".repeat(4000)}${templateOf(RESOURCES)}`;
    let stored: unknown;
    let current = long;
    const objects: Answers = {
      GetTemplateCommand: () => ({ TemplateBody: current }),
      PutObjectCommand: ({ Body }: { Body: unknown }) => {
        stored = Body;
        return { VersionId: "v1" };
      },
      DeleteObjectCommand: () => ({}),
    };
    const where = {
      Bucket: devNames.stateBucketName,
      Key: "ecs-event-handler/dev/old-stack.template",
      ExpectedBucketOwner: dev.accountId,
    };
    const failed = await run("adopt dev --apply --json", {
      answers: {
        ...answers,
        ...objects,
        UpdateStackCommand: () => {
          throw awsError("ValidationError", "no");
        },
      },
      ...programs("fresh"),
    });
    expect(lineOf(failed, "Old stack leaves behind what is taken over")).to.equal(
      "fail: CloudFormation.UpdateStack: ValidationError: no",
    );
    expect(failed.aws.callsOf("DeleteObjectCommand")).to.deep.equal([{ ...where, VersionId: "v1" }]);
    const failedTwice = await run("adopt dev --apply --json", {
      answers: {
        ...answers,
        ...objects,
        UpdateStackCommand: () => {
          throw awsError("ValidationError", "no");
        },
        DeleteObjectCommand: () => {
          throw awsError("AccessDenied", "not the cause");
        },
      },
      ...programs("fresh"),
    });
    expect(lineOf(failedTwice, "Old stack leaves behind what is taken over")).to.equal(
      "fail: CloudFormation.UpdateStack: ValidationError: no",
    );

    const done = await run("adopt dev --apply --json", {
      answers: {
        ...answers,
        ...objects,
        UpdateStackCommand: (input: never) => {
          current = String(stored);
          return answers["UpdateStackCommand"]?.(input);
        },
      },
      ...programs("fresh"),
    });
    expect(lineOf(done, "Old stack leaves behind what is taken over")).to.match(/^pass/);
    const [update] = done.aws.callsOf("UpdateStackCommand");
    expect(update).to.not.have.property("TemplateBody");
    expect(update?.["TemplateURL"]).to.equal(
      "https://bbws-terraform-state-dev.s3.af-south-1.amazonaws.com/ecs-event-handler/dev/old-stack.template",
    );
    expect(current)
      .to.match(/^# a line of it/)
      .and.include("TakenOver");
    expect(done.aws.callsOf("DeleteObjectCommand")).to.deep.equal([{ ...where, VersionId: "v1" }]);
    expect(changed(done).filter((command) => command.endsWith("ObjectCommand"))).to.deep.equal([
      "PutObjectCommand",
      "DeleteObjectCommand",
    ]);
  });

  it("refuses, and changes nothing, when the template of the stack cannot be read", async () => {
    const done = await run("adopt dev --apply --json", {
      answers: { ...samDev(), GetTemplateCommand: () => ({ TemplateBody: "Resources: {" }) },
    });
    expect(lineOf(done, "The stack is this system's")).to.match(
      /^fail: the template of the stack cannot be changed here/,
    );
    expect(changed(done)).to.deep.equal([]);
  });
});
