import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { createTestTable, type TestTable } from "../../handler/dynamodb.ts";
import { functionAnswers, type FunctionOptions, handlerAnswered, handlerThrew } from "../function-answers.ts";
import { deadLetterQueuePolicy } from "../../../stacks/dead-letter-queue-policy.ts";
import { handlerTrustPolicy } from "../../../stacks/handler-policy.ts";
import { schedulePolicy, scheduleTrustPolicy } from "../../../stacks/reconciler-policy.ts";
import {
  deployedAlarms,
  dev,
  devNames,
  healthyDev,
  identityIn,
  metricAnswers,
  policyAnswer,
  roleAnswers,
} from "../healthy-dev.ts";
import { createLocalHandler } from "../local-handler.ts";
import { type Answers, awsError } from "../recorded-aws.ts";
import { lineOf, reportOf } from "../report-of.ts";
import { NOW, run } from "../run.ts";

const { serviceAction, deploymentStateChange } = devNames.ruleNames;

const SCHEDULE = {
  State: "ENABLED",
  ScheduleExpression: "rate(15 minutes)",
  Target: {
    Arn: devNames.reconciler.aliasArn,
    RoleArn: devNames.reconciler.scheduleRoleArn,
    Input: '{"version":1,"kind":"scheduled"}',
  },
};

const withTarget = (target: object): object => ({ ...SCHEDULE, Target: { ...SCHEDULE.Target, ...target } });

const devFunctions = (options: Pick<FunctionOptions, "reconciler">): Answers =>
  functionAnswers({ versions: { 6: "six", 7: "seven" }, aliases: { "latest-dev": "7" }, ...options }).answers;

const [EMAIL = ""] = dev.notificationEmails;

const SCHEDULE_ROLE = { trust: scheduleTrustPolicy(dev), policies: { schedule: schedulePolicy(dev) } };

const allowing = (Action: string, Resource: string): object => ({
  Statement: [{ Effect: "Allow", Action, Resource }],
});

const throwing = (error: Error) => () => {
  throw error;
};

describe("ops verify", () => {
  it("passes an environment that is as it should be, and says of each check what it found", async () => {
    const { exitCode, stdout } = await run("verify dev", { answers: healthyDev() });
    expect(exitCode).to.equal(0);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.at(-1)).to.equal("verify dev: ok. 35 passed");
    for (const line of lines.slice(0, -1))
      expect(line)
        .to.match(/^pass {10}.+: .+$/)
        .and.not.match(/expected/);
    expect(stdout).to.include("Alias latest-dev: version 7\n");
  });

  interface Trouble {
    readonly when: string;
    readonly answers: Answers;
    readonly check: string;
    readonly line: RegExp;
  }

  const troubles: readonly Trouble[] = [
    {
      when: "the credentials are of another account",
      answers: identityIn("815856636111"),
      check: "AWS account",
      line: /^fail: expected 536580886816 \(dev\), found 815856636111 /,
    },
    ...(
      [
        ["there is no directory", throwing(awsError("ResourceNotFoundException")), "no such table"],
        [
          "the directory keeps everything",
          () => ({ TimeToLiveDescription: { TimeToLiveStatus: "DISABLED" } }),
          "ACTIVE, key service_arn, TTL off",
        ],
        [
          "the directory loses items by another attribute",
          () => ({ TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "learned_at" } }),
          "ACTIVE, key service_arn, TTL on learned_at",
        ],
      ] as const
    ).map(([when, describeTimeToLive, found]) => ({
      when,
      answers: { DescribeTimeToLiveCommand: describeTimeToLive },
      check: `Directory ${devNames.servicesTableName}`,
      line: new RegExp(`^fail: expected ACTIVE, key service_arn, TTL on expires_at, found ${found}$`),
    })),
    ...(
      [
        [
          "the schedule is off",
          { ...SCHEDULE, State: "DISABLED" },
          "Schedule",
          /^fail: expected ENABLED, rate\(15 minutes\), found DISABLED, rate\(15 minutes\)$/,
        ],
        [
          "the schedule is another than envs/ says",
          { ...SCHEDULE, ScheduleExpression: "rate(1 days)" },
          "Schedule",
          /found ENABLED, rate\(1 days\)$/,
        ],
        [
          "the schedule invokes the function past its alias",
          withTarget({ Arn: devNames.reconciler.functionArn }),
          "Schedule's target",
          /^fail: .* found arn:.*:function:bbws-ecs-reconciler-dev as /,
        ],
        [
          "the schedule has another role",
          withTarget({ RoleArn: "arn:aws:iam::536580886816:role/other" }),
          "Schedule's target",
          /^fail: .* found .* as arn:aws:iam::536580886816:role\/other with /,
        ],
        [
          "the schedule asks for something else",
          withTarget({ Input: '{"version":1,"kind":"check"}' }),
          "Schedule's target",
          /^fail: .* with \{"version":1,"kind":"check"\}$/,
        ],
        ["the schedule's input is no JSON", withTarget({ Input: "{" }), "Schedule's target", /^fail: /],
      ] as const
    ).map(([when, schedule, check, line]) => ({
      when,
      answers: { GetScheduleCommand: () => schedule },
      check,
      line,
    })),
    ...(
      [
        [
          "the schedule's role may not invoke the reconciler",
          { ...SCHEDULE_ROLE, policies: {} },
          "Schedule's role",
          /found it does not say: allow the action lambda:InvokeFunction on arn:aws:lambda:.*:bbws-ecs-reconciler-dev:latest-dev$/,
        ],
        [
          "the schedule's role may invoke another version than the released one",
          {
            ...SCHEDULE_ROLE,
            policies: { schedule: allowing("lambda:InvokeFunction", `${devNames.reconciler.functionArn}:*`) },
          },
          "Schedule's role",
          /it also says: allow the action lambda:InvokeFunction on .*:\*; it does not say: /,
        ],
        [
          "the schedule's role may do more",
          { ...SCHEDULE_ROLE, attached: { "arn:aws:iam::aws:policy/Admin": allowing("*", "*") } },
          "Schedule's role",
          /found it also says: allow the action \* on \*$/,
        ],
        [
          "others may take the schedule's role on",
          {
            ...SCHEDULE_ROLE,
            trust: {
              Statement: [
                ...scheduleTrustPolicy(dev).Statement,
                { Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" },
              ],
            },
          },
          "Trust of the schedule's role",
          /^fail: expected EventBridge Scheduler for this account, and nobody else, found it also says: allow to AWS \* /,
        ],
        [
          "schedules of any account may take the schedule's role on",
          {
            ...SCHEDULE_ROLE,
            trust: {
              Statement: [
                {
                  Effect: "Allow",
                  Principal: { Service: "scheduler.amazonaws.com" },
                  Action: "sts:AssumeRole",
                },
              ],
            },
          },
          "Trust of the schedule's role",
          /^fail: .*it does not say: .*aws:sourceaccount/,
        ],
      ] as const
    ).map(([when, role, check, line]) => ({ when, answers: roleAnswers(role), check, line })),
    ...(
      [
        ["threshold", "errors", { Threshold: 1000 }, "threshold 1000, not 10"],
        ["comparison", "fuse-blown", { ComparisonOperator: "LessThanThreshold" }, "comparison LessThan"],
        ["number of periods", "lost-event", { EvaluationPeriods: 30 }, "periods 30, not 3"],
        ["period", "throttles", { Period: 60 }, "period 60, not 3600"],
        ["statistic", "event-lag", { Statistic: "Average" }, "statistic Average, not Maximum"],
        ["metric", "event-age", { MetricName: "Duration" }, "metric AWS/Lambda/Duration {FunctionName: "],
        ["dimensions", "failed-tenants", { Dimensions: [] }, "metric BBWS/Tenants/Tenants {}, not"],
        ["expression", "no-events", { Metrics: [] }, "queries , not m1 = Sum of AWS/Lambda/AsyncEvents"],
        ["treatment of silence", "no-reconciliation", { TreatMissingData: "ignore" }, "missing data ignore"],
        ["muting", "errors", { ActionsEnabled: false }, "actions off, not on"],
        ["audience", "errors", { AlarmActions: [] }, "in state ALARM it tells , not arn:aws:sns:"],
        [
          "audience when it is over",
          "errors",
          { OKActions: ["arn:other"] },
          "in state OK it tells arn:other",
        ],
      ] as const
    ).map(([what, alarm, change, found]) => ({
      when: `an alarm has another ${what} than was deployed`,
      answers: {
        DescribeAlarmsCommand: () => ({
          MetricAlarms: deployedAlarms().map((deployed) =>
            deployed.AlarmName === `${devNames.alarmNamePrefix}${alarm}`
              ? { ...deployed, ...change }
              : deployed,
          ),
        }),
      },
      check: "Settings of the alarms",
      line: new RegExp(
        `^fail: .* found bbws-ecs-event-handler-dev-${alarm}: .*${found.replaceAll(/[{}]/g, String.raw`\$&`)}`,
      ),
    })),
    ...(
      [
        [
          "somebody has not confirmed to be told of alarms",
          () => ({ Subscriptions: [{ Endpoint: EMAIL, SubscriptionArn: "PendingConfirmation" }] }),
          /found platform@bigbeardweb.com has not confirmed: no alarm reaches it$/,
        ],
        ["nobody is told of alarms", () => ({}), /found platform@bigbeardweb.com missing$/],
        ["there is no topic", throwing(awsError("NotFoundException")), /found there is no topic$/],
      ] as const
    ).map(([when, ListSubscriptionsByTopicCommand, line]) => ({
      when,
      answers: { ListSubscriptionsByTopicCommand },
      check: "Subscribers of the alarms",
      line,
    })),
    ...["Schedule's role", "Trust of the schedule's role"].map((check) => ({
      when: `there is no role for the schedule (${check})`,
      answers: {
        GetRoleCommand: throwing(awsError("NoSuchEntityException")),
        ListRolePoliciesCommand: throwing(awsError("NoSuchEntityException")),
      },
      check,
      line: /found there is no role bbws-ecs-reconciler-dev-schedule-role$/,
    })),
    ...(
      [
        ["the queue has no policy", undefined, /it does not say: allow to Service events\.amazonaws\.com/],
        [
          "anybody may send to the queue",
          {
            Statement: [
              ...deadLetterQueuePolicy(dev).Statement,
              { Effect: "Allow", Principal: "*", Action: "sqs:*", Resource: devNames.deadLetterQueueArn },
            ],
          },
          /found it also says: allow to \* the action sqs:\* .*\. Deploy again: npm run ops -- deploy dev$/,
        ],
      ] as const
    ).map(([when, policy, line]) => ({
      when,
      answers: {
        GetQueueAttributesCommand: () => ({
          Attributes: { ApproximateNumberOfMessages: "0", Policy: policy && JSON.stringify(policy) },
        }),
      },
      check: "Policy of the dead-letter queue",
      line,
    })),
    ...[
      ["Function's role", "bbws-ecs-event-handler-dev-role"],
      ["Reconciler's role", "bbws-ecs-reconciler-dev-role"],
    ].flatMap(([check = "", role]) => [
      {
        when: `the ${check.toLowerCase()} may do nothing`,
        answers: roleAnswers({ trust: handlerTrustPolicy(), policies: {} }),
        check,
        line: /it does not say: allow the action dynamodb:GetItem on /,
      },
      {
        when: `anybody may take the ${check.toLowerCase()} on`,
        answers: roleAnswers({ trust: { Statement: [] }, policies: {} }),
        check: `Trust of the ${check.toLowerCase()}`,
        line: /^fail: expected Lambda, and nobody else, found it does not say/,
      },
      {
        when: `there is no ${check.toLowerCase()}`,
        answers: { ListRolePoliciesCommand: throwing(awsError("NoSuchEntityException")) },
        check,
        line: new RegExp(`found there is no role ${role}$`),
      },
    ]),
    {
      when: "there is no schedule",
      answers: { GetScheduleCommand: throwing(awsError("ResourceNotFoundException")) },
      check: "Schedule",
      line: /^fail: there is no such schedule/,
    },
    {
      when: "there is no reconciler",
      answers: devFunctions({ reconciler: "none" }),
      check: "Reconciler",
      line: /^fail: there is no function bbws-ecs-reconciler-dev/,
    },
    {
      when: "there is no reconciler, so no alias of it",
      answers: devFunctions({ reconciler: "none" }),
      check: "Reconciler's alias",
      line: /^fail: .* found there is none; deploy again$/,
    },
    {
      when: "the reconciler is of another release",
      answers: devFunctions({ reconciler: { aliases: { "latest-dev": "6" } } }),
      check: "Reconciler's alias",
      line: /^fail: expected one published version, with the code of the handler's version 7, found version 6, not version 7, which is of the handler's release; finish the move: npm run ops -- release dev --reason "..."$/,
    },
    {
      when: "the reconciler cannot be loaded",
      answers: devFunctions({ reconciler: { broken: ["7"] } }),
      check: "Reconciler's test invocation",
      line: /^fail: expected ready, found threw Runtime.ImportModuleError: /,
    },
    {
      when: "the function cannot run",
      answers: {
        GetFunctionConfigurationCommand: () => ({
          State: "Inactive",
          LastUpdateStatus: "Failed",
          StateReason: "it slept",
        }),
      },
      check: "Function",
      line: /expected State Active, LastUpdateStatus Successful, found State Inactive, LastUpdateStatus Failed \(it slept\)$/,
    },
    {
      when: "the last update failed",
      answers: {
        GetFunctionConfigurationCommand: () => ({ State: "Active", LastUpdateStatus: "Failed" }),
      },
      check: "Function",
      line: /^fail: /,
    },
    {
      when: "there is no function",
      answers: { GetFunctionConfigurationCommand: throwing(awsError("ResourceNotFoundException")) },
      check: "Function",
      line: /^fail: there is no function bbws-ecs-event-handler-dev\. Deploy it first: npm run ops -- deploy dev$/,
    },
    {
      when: "there is no alias",
      answers: { GetAliasCommand: throwing(awsError("ResourceNotFoundException")) },
      check: "Alias latest-dev",
      line: /^fail: .* has no alias latest-dev\. A deployment creates both: npm run ops -- deploy dev$/,
    },
    {
      when: "the alias points at no published version",
      answers: { GetAliasCommand: () => ({ Name: "latest-dev", FunctionVersion: "$LATEST" }) },
      check: "Alias latest-dev",
      line: /^fail: .* found \$LATEST, which is no version: each deployment changes it\. Set by hand\. .*: npm run ops -- rollback dev --reason "\.\.\."$/,
    },
    {
      when: "the alias shares its traffic",
      answers: {
        GetAliasCommand: () => ({
          FunctionVersion: "7",
          RoutingConfig: { AdditionalVersionWeights: { 8: 0.1 } },
        }),
      },
      check: "Alias latest-dev",
      line: /^fail: .* found 90 % to version 7, 10 % to version 8\. Set by hand/,
    },
    {
      when: "failed events go elsewhere",
      answers: {
        GetFunctionEventInvokeConfigCommand: () => ({
          DestinationConfig: { OnFailure: { Destination: "arn:other" } },
        }),
      },
      check: "On-failure destination",
      line: /^fail: expected arn:.*:bbws-ecs-events-dlq-dev, found arn:other$/,
    },
    {
      when: "failed events go nowhere",
      answers: { GetFunctionEventInvokeConfigCommand: throwing(awsError("ResourceNotFoundException")) },
      check: "On-failure destination",
      line: /^fail: .* found none$/,
    },
    {
      when: "a rule is missing",
      answers: {
        ListRulesCommand: () => ({ Rules: [{ Name: serviceAction }] }),
        ListRuleNamesByTargetCommand: () => ({}),
      },
      check: "Event rules",
      line: /^fail: expected exactly .*, found bbws-ecs-event-handler-dev-service-action$/,
    },
    {
      when: "a third rule is there, on a second page",
      answers: {
        ListRulesCommand: ({ NextToken }: { NextToken?: string }) =>
          NextToken === undefined
            ? { Rules: [{ Name: serviceAction }, { Name: deploymentStateChange }], NextToken: "more" }
            : { Rules: [{ Name: "bbws-ecs-event-handler-dev-old" }] },
      },
      check: "Event rules",
      line: /^fail: .* found .*bbws-ecs-event-handler-dev-old/,
    },
    {
      when: "a rule of another name invokes the function past the alias",
      answers: {
        ListRuleNamesByTargetCommand: ({ TargetArn }: { TargetArn: string }) => ({
          RuleNames: TargetArn === devNames.functionArn ? ["forgotten"] : [],
        }),
      },
      check: "Event rules",
      line: /^fail: .* found .*forgotten/,
    },
    {
      when: "a rule is disabled",
      answers: { DescribeRuleCommand: () => ({ State: "DISABLED", EventPattern: "{}" }) },
      check: `${serviceAction} state`,
      line: /^fail: expected ENABLED, found DISABLED$/,
    },
    {
      when: "a rule is gone",
      answers: { DescribeRuleCommand: throwing(awsError("ResourceNotFoundException")) },
      check: `${deploymentStateChange} state`,
      line: /^fail: there is no such rule$/,
    },
    {
      when: "a rule lets other events through",
      answers: { DescribeRuleCommand: () => ({ State: "ENABLED", EventPattern: '{"source":["aws.ecs"]}' }) },
      check: `${serviceAction} pattern`,
      line: /^fail: expected \{"source":.*, found \{"source":\["aws.ecs"\]\}$/,
    },
    {
      when: "a rule has no pattern",
      answers: { DescribeRuleCommand: () => ({ State: "ENABLED" }) },
      check: `${deploymentStateChange} pattern`,
      line: /^fail: /,
    },
    {
      when: "a rule invokes the function past the alias",
      answers: {
        ListTargetsByRuleCommand: () => ({
          Targets: [{ Arn: devNames.functionArn, DeadLetterConfig: { Arn: devNames.deadLetterQueueArn } }],
        }),
      },
      check: `${serviceAction} target`,
      line: /^fail: .* found arn:.*:function:bbws-ecs-event-handler-dev \(/,
    },
    {
      when: "a target has no dead-letter queue",
      answers: { ListTargetsByRuleCommand: () => ({ Targets: [{ Arn: devNames.aliasArn }] }) },
      check: `${deploymentStateChange} target`,
      line: /^fail: .* found .*:latest-dev \(dead-letter queue none\)$/,
    },
    {
      when: "a target makes something else of the event",
      answers: {
        ListTargetsByRuleCommand: () => ({
          Targets: [
            {
              Arn: devNames.aliasArn,
              DeadLetterConfig: { Arn: devNames.deadLetterQueueArn },
              InputPath: "$.detail",
            },
          ],
        }),
      },
      check: `${serviceAction} target`,
      line: /^fail: .*; its InputPath makes something else of each event\)$/,
    },
    {
      when: "a rule has no target",
      answers: { ListTargetsByRuleCommand: () => ({}) },
      check: `${serviceAction} target`,
      line: /^fail: .* found none$/,
    },
    {
      when: "a rule has a second target",
      answers: {
        ListTargetsByRuleCommand: () => ({
          Targets: [
            { Arn: devNames.aliasArn, DeadLetterConfig: { Arn: devNames.deadLetterQueueArn } },
            { Arn: "arn:second" },
          ],
        }),
      },
      check: `${serviceAction} target`,
      line: /^fail: .*, arn:second/,
    },
    {
      when: "only one rule may invoke the alias",
      answers: policyAnswer([devNames.ruleArns.serviceAction]),
      check: `${deploymentStateChange} permission`,
      line: /^fail: expected .*-deployment-state-change may invoke .*:latest-dev, found only .*-service-action may$/,
    },
    {
      when: "the permissions are for the bare function",
      answers: policyAnswer(Object.values(devNames.ruleArns), devNames.functionArn),
      check: `${serviceAction} permission`,
      line: /^fail: .* found no rule may$/,
    },
    {
      when: "there is no permission at all",
      answers: { GetPolicyCommand: throwing(awsError("ResourceNotFoundException")) },
      check: `${serviceAction} permission`,
      line: /^fail: .* found no rule may$/,
    },
    {
      when: "the function throws",
      answers: { InvokeCommand: () => handlerThrew("TenantStoreError", "Failed to update tenant state") },
      check: "Test invocation",
      line: /^fail: expected success or ignored, found threw TenantStoreError: Failed to update tenant state$/,
    },
    {
      when: "the function answers in another language",
      answers: { InvokeCommand: () => handlerAnswered({ statusCode: 200 }) },
      check: "Test invocation",
      line: /^fail: .* found threw NoAnswer: answered \{"statusCode":200\}$/,
    },
    {
      when: "the function throws what is no error",
      answers: { InvokeCommand: () => ({ FunctionError: "Unhandled", Payload: Buffer.from('"oh"') }) },
      check: "Test invocation",
      line: /^fail: .* found threw Unhandled: "oh"$/,
    },
    {
      when: "the function answers nothing",
      answers: { InvokeCommand: () => ({}) },
      check: "Test invocation",
      line: /^fail: .* found threw NoAnswer: answered $/,
    },
    {
      when: "there are errors in the log",
      answers: {
        FilterLogEventsCommand: ({ nextToken }: { nextToken?: string }) =>
          nextToken === undefined
            ? { events: [{ message: '{"level":"WARN"}' }], nextToken: "more" }
            : { events: [{ message: '{"level":"ERROR","message":"Unexpected error"}\n' }] },
      },
      check: "Log lines with ERROR since then",
      line: /^fail: expected none, found 1, the first: \{"level":"ERROR","message":"Unexpected error"\}$/,
    },
    {
      when: "the function failed in the last hour",
      answers: metricAnswers({ Errors: 2, Throttles: 0 }),
      check: "Errors in the last hour",
      line: /^fail: expected 0, found 2$/,
    },
    {
      when: "the function was throttled in the last hour",
      answers: metricAnswers({ Errors: 0, Throttles: 1 }),
      check: "Throttles in the last hour",
      line: /^fail: expected 0, found 1$/,
    },
    {
      when: "events wait in the dead-letter queue",
      answers: {
        GetQueueAttributesCommand: () => ({ Attributes: { ApproximateNumberOfMessages: "3" } }),
      },
      check: "Dead-letter queue",
      line: /^fail: expected 0 messages, found 3 messages$/,
    },
    {
      when: "someone holds a message of the dead-letter queue",
      answers: {
        GetQueueAttributesCommand: () => ({
          Attributes: { ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "1" },
        }),
      },
      check: "Dead-letter queue",
      line: /^fail: .* found 0 messages and 1 in flight$/,
    },
    {
      when: "an alarm is missing",
      answers: {
        DescribeAlarmsCommand: () => ({
          MetricAlarms: Object.values(devNames.alarmNames)
            .slice(1)
            .map((AlarmName) => ({ AlarmName, StateValue: "OK" })),
        }),
      },
      check: "Alarms",
      line: /^fail: .* found bbws-ecs-event-handler-dev-errors missing$/,
    },
    {
      when: "an alarm is on",
      answers: {
        DescribeAlarmsCommand: () => ({
          MetricAlarms: Object.values(devNames.alarmNames).map((AlarmName) => ({
            AlarmName,
            StateValue: AlarmName === devNames.alarmNames.throttles ? "ALARM" : "OK",
          })),
        }),
      },
      check: "Alarms in state ALARM",
      line: /^fail: expected none, found bbws-ecs-event-handler-dev-throttles$/,
    },
  ];

  for (const { when, answers, check, line } of troubles) {
    it(`fails when ${when}`, async () => {
      const outcome = await run("verify dev --json", { answers: { ...healthyDev(), ...answers } });
      expect(outcome.exitCode).to.equal(1);
      expect(lineOf(outcome, check)).to.match(line);
    });
  }

  it("stops without credentials, and says in one line how to get them", async () => {
    const outcome = await run("verify dev --json", {
      answers: {
        ...healthyDev(),
        GetCallerIdentityCommand: throwing(
          Object.assign(new Error("Could not load credentials from any providers"), {
            name: "CredentialsProviderError",
          }),
        ),
      },
    });
    expect(outcome.exitCode).to.equal(1);
    expect(lineOf(outcome, "AWS account")).to.match(/^fail: no usable AWS credentials .* aws sso login$/);
    const [, ...others] = reportOf(outcome).checks;
    for (const { outcome: what, found } of others)
      expect(`${what}: ${found}`).to.equal("skip: not run, because of: AWS account");
    expect(outcome.aws.calls.map(({ command }) => command)).to.deep.equal(["GetCallerIdentityCommand"]);
  });

  it("runs every other check when one call is denied, and says which right is missing", async () => {
    const answers = {
      ...healthyDev(),
      GetPolicyCommand: throwing(
        awsError("AccessDeniedException", "not authorized to perform: lambda:GetPolicy"),
      ),
    };
    const outcome = await run("verify dev --json", { answers });
    expect(outcome.exitCode).to.equal(1);
    const { checks } = reportOf(outcome);
    expect(checks.filter((check) => check.outcome === "pass")).to.have.length(33);
    expect(lineOf(outcome, `${serviceAction} permission`)).to.equal(
      "fail: access denied: not authorized to perform: lambda:GetPolicy",
    );
  });

  it("lets a reconciler be of the handler's code and an older configuration, and says so", async () => {
    const answers = {
      ...healthyDev(),
      ...devFunctions({
        reconciler: { versions: { 7: "seven", 8: "seven" }, aliases: { "latest-dev": "7" } },
      }),
    };
    const outcome = await run("verify dev --json", { answers });
    expect(lineOf(outcome, "Reconciler's alias")).to.match(
      /^pass: .* found version 7; 8, of the same code, is not released$/,
    );
  });

  it("lets a handler from before the reconciler have a reconciler of other code", async () => {
    const answers = {
      ...healthyDev(),
      ...devFunctions({ reconciler: { versions: { 1: "eight" }, aliases: { "latest-dev": "1" } } }),
    };
    const outcome = await run("verify dev --json", { answers });
    expect(lineOf(outcome, "Reconciler's alias")).to.match(
      /found version 1: the handler's version 7 is from before the reconciler$/,
    );
    expect(outcome.exitCode).to.equal(0);
  });

  it("lets no such reconciler share its traffic", async () => {
    const reconciler = {
      versions: { 1: "eight", 2: "nine" },
      aliases: { "latest-dev": "1" },
      weights: { "latest-dev": { 2: 0.1 } },
    };
    const outcome = await run("verify dev --json", {
      answers: { ...healthyDev(), ...devFunctions({ reconciler }) },
    });
    expect(lineOf(outcome, "Reconciler's alias")).to.match(
      /^fail: .* found 90 % to version 1, 10 % to version 2/,
    );
  });

  it("takes an hour without datapoints for one without errors", async () => {
    const answers = { ...healthyDev(), ...metricAnswers({}) };
    const outcome = await run("verify dev --json", { answers });
    expect(outcome.exitCode).to.equal(0);
    expect(lineOf(outcome, "Errors in the last hour")).to.equal("pass: expected 0, found 0 (no datapoint)");
  });

  it("asks for errors of the last hour in the log and the metrics of this function only", async () => {
    const { aws } = await run("verify dev", { answers: healthyDev() });
    const [errors] = aws.callsOf("GetMetricStatisticsCommand");
    expect(errors).to.deep.include({
      Namespace: "AWS/Lambda",
      MetricName: "Errors",
      Dimensions: [{ Name: "FunctionName", Value: "bbws-ecs-event-handler-dev" }],
      Statistics: ["Sum"],
    });
    const { StartTime, EndTime } = errors as { StartTime: Date; EndTime: Date };
    expect(EndTime.getTime() - StartTime.getTime()).to.equal(60 * 60 * 1000);
    expect(aws.callsOf("FilterLogEventsCommand")[0]).to.include({
      logGroupName: devNames.logGroupName,
      startTime: NOW.getTime(),
      filterPattern: "ERROR",
    });
  });

  describe("with the real handler over a real table", () => {
    let table: TestTable;
    before(async () => {
      table = await createTestTable();
    });
    after(() => table.close());

    it("goes all the way to the table with its test event, and leaves nothing there", async () => {
      const handler = createLocalHandler(table);
      const invoked = await run("verify dev --json", {
        answers: {
          ...healthyDev(),
          InvokeCommand: async ({ FunctionName, Payload }: { FunctionName: string; Payload: Buffer }) =>
            handlerAnswered(
              FunctionName === devNames.functionName
                ? await handler(JSON.parse(Payload.toString()))
                : { status: "ready", services: 12 },
            ),
        },
      });
      expect(invoked.aws.callsOf("InvokeCommand")[0]).to.include({ Qualifier: "latest-dev" });
      expect(lineOf(invoked, "Test invocation")).to.equal(
        "pass: expected success or ignored, found ignored (unknown_tenant)",
      );
      expect(await table.client.send(new ScanCommand({ TableName: table.name }))).to.include({ Count: 0 });
    });
  });
});
