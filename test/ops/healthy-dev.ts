import type { Dimension, MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { loadEnvironment } from "../../envs/load.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import { alarmDefinitions } from "../../stacks/alarm-definitions.ts";
import { boundaryPolicy } from "../../stacks/boundary-policy.ts";
import { deadLetterQueuePolicy } from "../../stacks/dead-letter-queue-policy.ts";
import { handlerPolicy, handlerTrustPolicy } from "../../stacks/handler-policy.ts";
import { eventPatterns } from "../../stacks/event-patterns.ts";
import { reconcilerPolicy, schedulePolicy, scheduleTrustPolicy } from "../../stacks/reconciler-policy.ts";
import { plannedResources } from "../../stacks/planned-resources.ts";
import { SCHEDULED_INPUT } from "../../stacks/schedule-definition.ts";
import { functionAnswers } from "./function-answers.ts";
import { type Answers, awsError } from "./recorded-aws.ts";

/** Once for all tests of a process: it takes a second. */
const lazily = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
};

export const dev = loadEnvironment("dev");
export const devNames = resourceNames(dev);

/** Whose credentials the operator has. */
export const identityIn = (Account: string): Answers => ({
  GetCallerIdentityCommand: () => ({ Account, Arn: `arn:aws:sts::${Account}:assumed-role/operator/jo` }),
});

/** CloudWatch's sums or maxima by metric, those of the reconciler as `Reconciler…`; one that is not named has no datapoint. */
export const metricAnswers = (values: Readonly<Record<string, number>>): Answers => ({
  GetMetricStatisticsCommand: ({
    MetricName,
    Dimensions: [dimension],
    Statistics: [statistic = ""] = [],
    ExtendedStatistics: [extended = ""] = [],
    StartTime,
  }: {
    MetricName: string;
    Dimensions: { Value: string }[];
    Statistics?: string[];
    ExtendedStatistics?: string[];
    StartTime: Date;
  }) => {
    const isOfReconciler = dimension?.Value.includes("-reconciler-") === true;
    const value = values[isOfReconciler ? `Reconciler${MetricName}` : MetricName];
    return {
      Datapoints:
        value === undefined
          ? []
          : [
              extended === ""
                ? { Timestamp: StartTime, [statistic]: value }
                : { Timestamp: StartTime, ExtendedStatistics: { [extended]: value } },
            ],
    };
  },
});

/** Permissions of the alias, as Lambda's GetPolicy tells them. */
export const policyAnswer = (ruleArns: readonly string[], resource = devNames.aliasArn): Answers => ({
  GetPolicyCommand: () => ({
    Policy: JSON.stringify({
      Version: "2012-10-17",
      Statement: ruleArns.map((arn) => ({
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "lambda:InvokeFunction",
        Resource: resource,
        Condition: { ArnLike: { "AWS:SourceArn": arn } },
      })),
    }),
  }),
});

/** A role, as IAM tells of it: its policies in the form of a URL's part. */
export const roleAnswers = ({
  trust,
  policies,
  attached = {},
}: {
  readonly trust: object;
  readonly policies: Readonly<Record<string, object>>;
  /** By ARN. */
  readonly attached?: Readonly<Record<string, object>>;
}): Answers => {
  const encoded = (document: object | undefined): string => encodeURIComponent(JSON.stringify(document));
  return {
    GetRoleCommand: () => ({ Role: { AssumeRolePolicyDocument: encoded(trust) } }),
    ListRolePoliciesCommand: () => ({ PolicyNames: Object.keys(policies) }),
    GetRolePolicyCommand: ({ PolicyName }: { PolicyName: string }) => ({
      PolicyDocument: encoded(policies[PolicyName]),
    }),
    ListAttachedRolePoliciesCommand: () => ({
      AttachedPolicies: Object.keys(attached).map((PolicyArn) => ({ PolicyArn })),
    }),
    // Of Lambda there is a command of the same name.
    GetPolicyCommand: (input: { PolicyArn?: string }) =>
      input.PolicyArn === undefined
        ? (policyAnswer(Object.values(devNames.ruleArns))["GetPolicyCommand"] as () => object)()
        : { Policy: { DefaultVersionId: "v1" } },
    GetPolicyVersionCommand: ({ PolicyArn }: { PolicyArn: string }) => ({
      PolicyVersion: {
        Document: encoded(PolicyArn === devNames.boundaryArn ? boundaryPolicy(dev) : attached[PolicyArn]),
      },
    }),
  };
};

/** The roles of dev: which is meant, each request says. */
const rolesOfDev = (): Answers => {
  const schedule = roleAnswers({
    trust: scheduleTrustPolicy(dev),
    policies: { schedule: schedulePolicy(dev) },
  });
  const byRole = new Map([
    [devNames.roleName, roleAnswers({ trust: handlerTrustPolicy(), policies: { own: handlerPolicy(dev) } })],
    [
      devNames.reconciler.roleName,
      roleAnswers({ trust: handlerTrustPolicy(), policies: { own: reconcilerPolicy(dev) } }),
    ],
  ]);
  return Object.fromEntries(
    Object.keys(schedule).map((command) => [
      command,
      (input: { RoleName?: string }) =>
        (byRole.get(input.RoleName ?? "") ?? schedule)[command]?.(input as never),
    ]),
  );
};

/** A Terraform state with all resources of dev's stack. */
export const stateAnswer = (addresses: readonly string[]): Answers => ({
  GetObjectCommand: ({ Key }: { Key: string }) => {
    // Nobody holds its lock.
    if (Key.endsWith(".tflock")) throw awsError("NoSuchKey");
    return {
      Body: {
        transformToString: () =>
          Promise.resolve(
            JSON.stringify({
              version: 4,
              resources: addresses.map((address) => {
                const [type, name] = address.split(".");
                return { mode: "managed", type, name, instances: [{}] };
              }),
            }),
          ),
      },
    };
  },
});

export const allOfDev = lazily(() => plannedResources(dev));

/** The alarms of dev, as CloudWatch tells of them. */
export const deployedAlarms = (): readonly MetricAlarm[] =>
  Object.values(alarmDefinitions(dev)).map((definition) => {
    const dimensionsOf = (dimensions: Readonly<Record<string, string>> = {}): Dimension[] =>
      Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    return {
      AlarmName: definition.alarmName,
      StateValue: "OK",
      Namespace: definition.namespace,
      MetricName: definition.metricName,
      Dimensions: dimensionsOf(definition.dimensions),
      Statistic: definition.statistic as MetricAlarm["Statistic"],
      Period: definition.period,
      Metrics: definition.metricQuery?.map(({ id, expression, metric }) => ({
        Id: id,
        Expression: expression,
        MetricStat: metric && {
          Metric: {
            Namespace: metric.namespace,
            MetricName: metric.metricName,
            Dimensions: dimensionsOf(metric.dimensions),
          },
          Stat: metric.stat,
          Period: metric.period,
        },
      })),
      ComparisonOperator: definition.comparisonOperator as MetricAlarm["ComparisonOperator"],
      Threshold: definition.threshold,
      EvaluationPeriods: definition.evaluationPeriods,
      TreatMissingData: definition.treatMissingData,
      ActionsEnabled: true,
      AlarmActions: [devNames.topicArn],
      OKActions: [devNames.topicArn],
    };
  });

/** What AWS answers about a dev environment that is as it should be, version 7 live. */
export const healthyDev = (): Answers => {
  const patterns = eventPatterns(dev);
  const ruleNames = Object.values(devNames.ruleNames);
  return {
    ...identityIn(dev.accountId),
    ...functionAnswers({ versions: { 6: "six", 7: "seven" }, aliases: { [devNames.aliasName]: "7" } })
      .answers,
    GetFunctionEventInvokeConfigCommand: () => ({
      DestinationConfig: { OnFailure: { Destination: devNames.deadLetterQueueArn } },
    }),
    ...policyAnswer(Object.values(devNames.ruleArns)),
    ListRulesCommand: () => ({ Rules: ruleNames.map((Name) => ({ Name })) }),
    ListRuleNamesByTargetCommand: ({ TargetArn }: { TargetArn: string }) => ({
      RuleNames: TargetArn === devNames.aliasArn ? ruleNames : [],
    }),
    DescribeRuleCommand: ({ Name }: { Name: string }) => ({
      State: "ENABLED",
      EventPattern: JSON.stringify(
        Name === devNames.ruleNames.serviceAction ? patterns.serviceAction : patterns.deploymentStateChange,
      ),
    }),
    ListTargetsByRuleCommand: () => ({
      Targets: [
        {
          Id: "event-handler",
          Arn: devNames.aliasArn,
          DeadLetterConfig: { Arn: devNames.deadLetterQueueArn },
        },
      ],
    }),
    FilterLogEventsCommand: () => ({ events: [] }),
    ...metricAnswers({
      Invocations: 5,
      AsyncEventsReceived: 3,
      Errors: 0,
      Throttles: 0,
      ReconcilerErrors: 0,
    }),
    GetQueueUrlCommand: () => ({ QueueUrl: "https://sqs.af-south-1.amazonaws.com/dlq" }),
    GetQueueAttributesCommand: () => ({
      Attributes: {
        ApproximateNumberOfMessages: "0",
        ApproximateNumberOfMessagesNotVisible: "0",
        Policy: JSON.stringify(deadLetterQueuePolicy(dev)),
      },
    }),
    DescribeAlarmsCommand: () => ({ MetricAlarms: deployedAlarms() }),
    ListSubscriptionsByTopicCommand: () => ({
      Subscriptions: dev.notificationEmails.map((Endpoint) => ({
        Endpoint,
        SubscriptionArn: `${devNames.topicArn}:1`,
      })),
    }),
    DescribeTableCommand: ({ TableName }: { TableName: string }) => ({
      Table: {
        TableStatus: "ACTIVE",
        KeySchema: [
          {
            AttributeName: TableName === devNames.servicesTableName ? "service_arn" : "tenant_id",
            KeyType: "HASH",
          },
        ],
      },
    }),
    DescribeTimeToLiveCommand: () => ({
      TimeToLiveDescription: { TimeToLiveStatus: "ENABLED", AttributeName: "expires_at" },
    }),
    ScanCommand: () => ({ Items: [] }),
    GetScheduleCommand: () => ({
      State: "ENABLED",
      ScheduleExpression: "rate(15 minutes)",
      Target: {
        Arn: devNames.reconciler.aliasArn,
        RoleArn: devNames.reconciler.scheduleRoleArn,
        Input: JSON.stringify(SCHEDULED_INPUT),
      },
    }),
    ...rolesOfDev(),
    DescribeClustersCommand: () => ({ clusters: [{ status: "ACTIVE" }] }),
    HeadBucketCommand: () => ({}),
    ...stateAnswer(allOfDev().map(({ address }) => address)),
    DescribeLogGroupsCommand: () => ({
      logGroups: [devNames, devNames.reconciler].map(({ logGroupName }) => ({
        logGroupName,
        retentionInDays: 14,
      })),
    }),
  };
};
