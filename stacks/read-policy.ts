import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { functionsBoundaryArn } from "./functions-boundary.ts";
import { tenantsTableKey } from "./handler-policy.ts";
import { type PolicyDocument, policyDocument, type PolicyStatement } from "./policy-document.ts";

/**
 * What a plan that refreshes, verify, status, the gates, drift and a comparison of the rows ask AWS. Two of them do more than
 * read: verify invokes an alias with an event of no tenant, and a look into the dead-letter queue hides its messages for a while.
 */
export const readStatements = (environment: Environment): readonly PolicyStatement[] => {
  const names = resourceNames(environment);
  const { accountId, region } = environment;
  const arn = (service: string, resource: string): string =>
    `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const functions = functionArns(environment);
  const stateKeyArn = environment.security?.kmsKeys?.state;
  const state = `arn:aws:s3:::${names.stateBucketName}/${names.stateKey}`;
  const keyOfQueue = environment.security?.kmsKeys?.queue;
  return [
    allow("ReadTheStateAndItsLock", "s3:GetObject", [state, `${state}.tflock`]),
    allow("FindTheState", "s3:ListBucket", `arn:aws:s3:::${names.stateBucketName}`),
    ...(stateKeyArn === undefined ? [] : [allow("DecryptTheState", "kms:Decrypt", stateKeyArn)]),
    ...tenantsTableKey(environment),
    ...(keyOfQueue === undefined ? [] : [allow("DecryptParkedEvents", "kms:Decrypt", keyOfQueue)]),
    allow(
      "ReadTheFunctions",
      [
        "lambda:GetAlias",
        "lambda:GetFunction",
        "lambda:GetFunctionCodeSigningConfig",
        "lambda:GetFunctionConfiguration",
        "lambda:GetFunctionEventInvokeConfig",
        "lambda:GetPolicy",
        "lambda:ListAliases",
        "lambda:ListTags",
        "lambda:ListVersionsByFunction",
      ],
      functions.flatMap((name) => [name, `${name}:*`]),
    ),
    // Versions that wait for their release are tested, too.
    allow(
      "TestTheFunctions",
      "lambda:InvokeFunction",
      functions.map((name) => `${name}:*`),
    ),
    allow(
      "ReadTheTables",
      [
        "dynamodb:DescribeContinuousBackups",
        "dynamodb:DescribeTable",
        "dynamodb:DescribeTimeToLive",
        "dynamodb:GetItem",
        "dynamodb:ListTagsOfResource",
        "dynamodb:Scan",
      ],
      [names.tenantsTableArn, names.servicesTableArn],
    ),
    allow("LookAtTheCluster", "ecs:DescribeClusters", names.clusterArn),
    // IAM knows no resource of this action; the condition is what limits it.
    {
      ...allow("ListTheServices", "ecs:ListServices", "*"),
      Condition: { ArnEquals: { "ecs:cluster": names.clusterArn } },
    },
    allow(
      "LookAtTheServices",
      ["ecs:DescribeServices", "ecs:ListTagsForResource"],
      `${names.serviceArnPrefix}*`,
    ),
    allow(
      "ReadTheRoles",
      ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
      functionRoleArns(environment),
    ),
    ...lookUpTheBoundary(environment),
    allow(
      "ReadTheRules",
      ["events:DescribeRule", "events:ListTagsForResource", "events:ListTargetsByRule"],
      Object.values(names.ruleArns),
    ),
    allow("ReadTheSchedule", "scheduler:GetSchedule", names.reconciler.scheduleArn),
    allow(
      "ReadTheQueue",
      [
        "sqs:ChangeMessageVisibility",
        "sqs:GetQueueAttributes",
        "sqs:GetQueueUrl",
        "sqs:ListQueueTags",
        "sqs:ReceiveMessage",
      ],
      names.deadLetterQueueArn,
    ),
    allow(
      "ReadTheTopic",
      ["sns:GetTopicAttributes", "sns:ListSubscriptionsByTopic", "sns:ListTagsForResource"],
      arn("sns", names.topicName),
    ),
    allow(
      "ReadTheLogs",
      ["logs:FilterLogEvents", "logs:ListTagsForResource"],
      logGroupArns(environment).flatMap((name) => [name, `${name}:*`]),
    ),
    allow(
      "ReadTheAlarms",
      ["cloudwatch:ListTagsForResource"],
      Object.values(names.alarmNames).map((name) => arn("cloudwatch", `alarm:${name}`)),
    ),
    allow(
      "ReadTheDashboard",
      "cloudwatch:GetDashboard",
      `arn:aws:cloudwatch::${accountId}:dashboard/${names.dashboardName}`,
    ),
    // IAM asks about these for all of the region, whatever they are called with.
    {
      ...allow(
        "ListInTheRegion",
        [
          "cloudwatch:DescribeAlarms",
          "cloudwatch:GetMetricStatistics",
          "events:ListRuleNamesByTarget",
          "events:ListRules",
          "logs:DescribeLogGroups",
          "logs:DescribeQueryDefinitions",
          "sns:GetSubscriptionAttributes",
        ],
        "*",
      ),
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
  ];
};

/** The role that reads, which also tells people of a job that failed, by the topic of the alarms. */
export const readPolicies = (environment: Environment): readonly PolicyDocument[] => {
  const { topicName } = resourceNames(environment);
  const topic = `arn:aws:sns:${environment.region}:${environment.accountId}:${topicName}`;
  return [policyDocument(...readStatements(environment), allow("TellOfAFailure", "sns:Publish", topic))];
};

/** As the stack looks it up, and preflight. */
export const lookUpTheBoundary = (environment: Environment): readonly PolicyStatement[] => {
  const boundaryArn = functionsBoundaryArn(environment);
  return boundaryArn === undefined
    ? []
    : [allow("LookUpTheBoundary", ["iam:GetPolicy", "iam:GetPolicyVersion"], boundaryArn)];
};

export const allow = (
  Sid: string,
  Action: string | readonly string[],
  Resource: string | readonly string[],
): PolicyStatement => ({ Sid, Effect: "Allow", Action, Resource });

export const functionArns = (environment: Environment): readonly string[] => {
  const { functionArn, reconciler } = resourceNames(environment);
  return [functionArn, reconciler.functionArn];
};

export const functionRoleArns = (environment: Environment): readonly string[] => {
  const { roleArn, reconciler } = resourceNames(environment);
  return [roleArn, reconciler.roleArn, reconciler.scheduleRoleArn];
};

export const logGroupArns = (environment: Environment): readonly string[] => {
  const { logGroupArn, reconciler } = resourceNames(environment);
  return [logGroupArn, reconciler.logGroupArn];
};
