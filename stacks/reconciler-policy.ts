import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { tenantsTableKey } from "./handler-policy.ts";
import { type PolicyDocument, policyDocument } from "./policy-document.ts";

/**
 * What the scheduled reconciler may do: look at the cluster's services and at the rows, keep the directory, and hand the
 * handler's alias an event. It may write no row: only the handler does.
 */
export const reconcilerPolicy = (environment: Environment): PolicyDocument => {
  const { tenantsTableArn, servicesTableArn, clusterArn, serviceArnPrefix, aliasArn, reconciler } =
    resourceNames(environment);
  return policyDocument(
    {
      Sid: "LookAtTheCluster",
      Effect: "Allow",
      Action: "ecs:DescribeClusters",
      Resource: clusterArn,
    },
    {
      // IAM knows no resource of this action; the condition is what limits it.
      Sid: "ListTheServices",
      Effect: "Allow",
      Action: "ecs:ListServices",
      Resource: "*",
      Condition: { ArnEquals: { "ecs:cluster": clusterArn } },
    },
    {
      Sid: "LookAtTheServices",
      Effect: "Allow",
      Action: ["ecs:DescribeServices", "ecs:ListTagsForResource"],
      Resource: `${serviceArnPrefix}*`,
    },
    {
      Sid: "ReadTheRows",
      Effect: "Allow",
      Action: ["dynamodb:GetItem", "dynamodb:Scan"],
      Resource: tenantsTableArn,
    },
    ...tenantsTableKey(environment),
    {
      // Its lease is an item there, too.
      Sid: "KeepTheDirectoryOfServices",
      Effect: "Allow",
      Action: [
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
      ],
      Resource: servicesTableArn,
    },
    {
      Sid: "RepairThroughTheHandler",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: aliasArn,
    },
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${reconciler.logGroupArn}:*`,
    },
  );
};

/**
 * Who may be the schedule: EventBridge Scheduler, for schedules of this account's default group. It names the group as its
 * source, not the schedule.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export const scheduleTrustPolicy = (environment: Environment): PolicyDocument =>
  policyDocument({
    Sid: "SchedulerInvokesTheReconciler",
    Effect: "Allow",
    Principal: { Service: "scheduler.amazonaws.com" },
    Action: "sts:AssumeRole",
    Condition: {
      StringEquals: { "aws:SourceAccount": environment.accountId },
      ArnEquals: { "aws:SourceArn": resourceNames(environment).reconciler.scheduleGroupArn },
    },
  });

/** What the schedule may do: invoke the reconciler's alias, whichever version that is at. */
export const schedulePolicy = (environment: Environment): PolicyDocument =>
  policyDocument({
    Sid: "InvokeTheReconciler",
    Effect: "Allow",
    Action: "lambda:InvokeFunction",
    Resource: resourceNames(environment).reconciler.aliasArn,
  });
