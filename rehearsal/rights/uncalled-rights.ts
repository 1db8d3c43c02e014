import type { WorkflowRole } from "../../stacks/workflow-roles.ts";

type Reasons = Readonly<Record<string, string>>;
type PerRole = Readonly<Record<WorkflowRole["purpose"], Reasons>>;

const forEach = (actions: readonly string[], reason: string): Reasons =>
  Object.fromEntries(actions.map((action) => [action, reason]));

/** Of both roles that read the stack's resources. */
const READING: Reasons = {
  "ecs:ListTagsForResource": "AWS asks for it where DescribeServices includes the tags, which no call shows",
  "lambda:ListTags": "the provider that deployments use may read a function's tags by it; 5.100.0 does not",
};

/** What a role may do and does not while a deployment's usual life is rehearsed, with the reason why it may all the same. */
export const UNCALLED_RIGHTS: PerRole = {
  deploy: {
    ...READING,
    "dynamodb:GetItem": "one tenant's row, for a repair of that tenant alone",
    ...forEach(
      [
        "cloudwatch:DeleteAlarms",
        "events:DeleteRule",
        "events:RemoveTargets",
        "iam:DeleteRolePolicy",
        "lambda:DeleteFunctionConcurrency",
        "lambda:DeleteFunctionEventInvokeConfig",
        "lambda:RemovePermission",
        "logs:DeleteQueryDefinition",
        "scheduler:DeleteSchedule",
      ],
      "a version of the stacks that has one less, or a setting that is removed",
    ),
    ...forEach(
      [
        "cloudwatch:UntagResource",
        "dynamodb:UntagResource",
        "events:UntagResource",
        "iam:UntagRole",
        "lambda:UntagResource",
        "logs:UntagResource",
        "sns:UntagResource",
        "sqs:UntagQueue",
      ],
      "a version of the stacks that has one tag less",
    ),
    ...forEach(
      [
        "dynamodb:UpdateContinuousBackups",
        "dynamodb:UpdateTable",
        "iam:UpdateAssumeRolePolicy",
        "iam:UpdateRole",
        "iam:UpdateRoleDescription",
        "sns:SetSubscriptionAttributes",
      ],
      "a version of the stacks, or a takeover, that changes this in place",
    ),
    "iam:PutRolePermissionsBoundary": "roles from before the environment asked for the boundary get it",
    "sqs:DeleteMessage":
      "a replay deletes what was processed; the one that is parked here may be made up, and stays",
    "lambda:DeleteAlias": "a release removes the oldest aliases that remember releases, once there are many",
  },
  read: READING,
  plan: {},
};

const DEFAULT_KEY: Reasons = {
  "kms:DescribeKey":
    "the provider asks for AWS's own key when it reads the directory's table, and by its source goes on where it may not",
};

/** What a role may not do and tries all the same: it does without. */
export const TRIED_RIGHTS: PerRole = {
  deploy: DEFAULT_KEY,
  read: DEFAULT_KEY,
  plan: {},
};
