import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { functionsBoundaryArn } from "./functions-boundary.ts";
import { type PolicyDocument, policyDocument, type PolicyStatement } from "./policy-document.ts";
import { allow, functionArns, functionRoleArns, logGroupArns, readStatements } from "./read-policy.ts";

/**
 * What the role that deploys may do, in documents that IAM takes: a managed policy has 6,144 characters at most. It may create
 * and change what the stack has, and nothing else; it may delete what can be made again without a loss. Functions, tables, queues,
 * log groups, topics and roles are only deleted by an administrator.
 */
export const deployPolicies = (environment: Environment): readonly PolicyDocument[] => [
  policyDocument(...readStatements(environment)),
  policyDocument(...changesOfTheCode(environment)),
  policyDocument(...changesAround(environment)),
];

/** The state, the functions and their roles. */
const changesOfTheCode = (environment: Environment): readonly PolicyStatement[] => {
  const names = resourceNames(environment);
  const state = `arn:aws:s3:::${names.stateBucketName}/${names.stateKey}`;
  const lock = `${state}.tflock`;
  const functions = functionArns(environment);
  const roles = functionRoleArns(environment);
  const { kmsKeys, codeSigningConfig } = environment.security ?? {};
  const boundaryArn = functionsBoundaryArn(environment);
  return [
    allow("WriteTheState", "s3:PutObject", [state, lock]),
    allow("UnlockTheState", "s3:DeleteObject", lock),
    ...(kmsKeys?.state === undefined ? [] : [allow("EncryptTheState", "kms:GenerateDataKey", kmsKeys.state)]),
    allow(
      "ChangeTheFunctions",
      [
        "lambda:AddPermission",
        "lambda:CreateAlias",
        "lambda:CreateFunction",
        "lambda:DeleteAlias",
        "lambda:DeleteFunctionConcurrency",
        "lambda:DeleteFunctionEventInvokeConfig",
        "lambda:PublishVersion",
        "lambda:PutFunctionConcurrency",
        "lambda:PutFunctionEventInvokeConfig",
        "lambda:RemovePermission",
        "lambda:TagResource",
        "lambda:UntagResource",
        "lambda:UpdateAlias",
        "lambda:UpdateFunctionCode",
        "lambda:UpdateFunctionConfiguration",
        ...(codeSigningConfig === undefined ? [] : ["lambda:PutFunctionCodeSigningConfig"]),
      ],
      functions.flatMap((name) => [name, `${name}:*`]),
    ),
    // Without the boundary a role could be given more than the functions need, and be used by new code.
    boundaryArn === undefined
      ? allow("ChangeTheRoles", ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePolicy"], roles)
      : {
          ...allow(
            "ChangeRolesWithinTheBoundary",
            ["iam:CreateRole", "iam:DeleteRolePolicy", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"],
            roles,
          ),
          Condition: { ArnEquals: { "iam:PermissionsBoundary": boundaryArn } },
        },
    allow(
      "DescribeTheRoles",
      [
        "iam:TagRole",
        "iam:UntagRole",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
      ],
      roles,
    ),
    {
      ...allow("HandTheRolesOn", "iam:PassRole", roles),
      Condition: {
        StringEquals: { "iam:PassedToService": ["lambda.amazonaws.com", "scheduler.amazonaws.com"] },
      },
    },
  ];
};

/** Everything else that the stack has. */
const changesAround = (environment: Environment): readonly PolicyStatement[] => {
  const names = resourceNames(environment);
  const { accountId, region } = environment;
  const arn = (service: string, resource: string): string =>
    `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const logGroups = logGroupArns(environment);
  const { kmsKeys } = environment.security ?? {};
  return [
    allow(
      "ChangeTheDirectory",
      [
        "dynamodb:CreateTable",
        "dynamodb:TagResource",
        "dynamodb:UntagResource",
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTable",
        "dynamodb:UpdateTimeToLive",
      ],
      names.servicesTableArn,
    ),
    allow(
      "ChangeTheRules",
      [
        "events:DeleteRule",
        "events:PutRule",
        "events:PutTargets",
        "events:RemoveTargets",
        "events:TagResource",
        "events:UntagResource",
      ],
      Object.values(names.ruleArns),
    ),
    allow(
      "ChangeTheSchedule",
      ["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"],
      names.reconciler.scheduleArn,
    ),
    allow(
      "ChangeTheQueue",
      ["sqs:CreateQueue", "sqs:DeleteMessage", "sqs:SetQueueAttributes", "sqs:TagQueue", "sqs:UntagQueue"],
      names.deadLetterQueueArn,
    ),
    allow(
      "ChangeTheTopic",
      ["sns:CreateTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource", "sns:UntagResource"],
      arn("sns", names.topicName),
    ),
    allow(
      "ChangeTheLogGroups",
      [
        "logs:CreateLogGroup",
        "logs:PutRetentionPolicy",
        "logs:TagResource",
        "logs:UntagResource",
        ...(kmsKeys?.logs === undefined ? [] : ["logs:AssociateKmsKey"]),
      ],
      logGroups.flatMap((name) => [name, `${name}:*`]),
    ),
    allow(
      "ChangeTheAlarms",
      [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:TagResource",
        "cloudwatch:UntagResource",
      ],
      Object.values(names.alarmNames).map((name) => arn("cloudwatch", `alarm:${name}`)),
    ),
    allow(
      "ChangeTheDashboard",
      "cloudwatch:PutDashboard",
      `arn:aws:cloudwatch::${accountId}:dashboard/${names.dashboardName}`,
    ),
    // IAM asks about these for all of the region, whatever they are called with.
    {
      ...allow(
        "ChangeInTheRegion",
        [
          "logs:DeleteQueryDefinition",
          "logs:PutQueryDefinition",
          "sns:SetSubscriptionAttributes",
          "sns:Unsubscribe",
        ],
        "*",
      ),
      Condition: { StringEquals: { "aws:RequestedRegion": region } },
    },
  ];
};
