import { CloudwatchEventBusPolicy } from "@cdktf/provider-aws/lib/cloudwatch-event-bus-policy/index.js";
import { CloudwatchEventPermission } from "@cdktf/provider-aws/lib/cloudwatch-event-permission/index.js";
import { CloudwatchLogResourcePolicy } from "@cdktf/provider-aws/lib/cloudwatch-log-resource-policy/index.js";
import { DynamodbResourcePolicy } from "@cdktf/provider-aws/lib/dynamodb-resource-policy/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import { IamUserPolicy } from "@cdktf/provider-aws/lib/iam-user-policy/index.js";
import { LambdaFunctionUrl } from "@cdktf/provider-aws/lib/lambda-function-url/index.js";
import {
  LambdaPermission,
  type LambdaPermissionConfig,
} from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SqsQueuePolicy } from "@cdktf/provider-aws/lib/sqs-queue-policy/index.js";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { expect } from "chai";
import { loadEnvironment } from "../../envs/load.ts";
import { handlerTrustPolicy } from "../../stacks/handler-policy.ts";
import { type ChangeStack, synthesizeEventHandler, synthesizeState } from "./synthesized.ts";

const environment = loadEnvironment("dev");

/** A policy that allows one thing; what it says besides is given. */
const allowing = (statement: object): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:r:1:q", ...statement }],
  });

const policy =
  (statement: object): ChangeStack =>
  (stack) => {
    new IamPolicy(stack, "policy", { policy: allowing(statement) });
  };

const queuePolicy =
  (statement: object): ChangeStack =>
  (stack) => {
    new SqsQueuePolicy(stack, "queue-policy", { queueUrl: "q", policy: allowing(statement) });
  };

const trust =
  (statement: object): ChangeStack =>
  (stack) => {
    new IamRole(stack, "role", {
      assumeRolePolicy: allowing({ Action: "sts:AssumeRole", Resource: undefined, ...statement }),
    });
  };

const permission =
  (allowed: Pick<LambdaPermissionConfig, "principal" | "sourceArn" | "sourceAccount">): ChangeStack =>
  (stack) => {
    new LambdaPermission(stack, "permission", {
      action: "lambda:InvokeFunction",
      functionName: "f",
      ...allowed,
    });
  };

const OF_CLUSTER = { ArnEquals: { "ecs:cluster": "arn:aws:ecs:r:536580886816:cluster/c" } };

const IN_A_REGION = { StringEquals: { "aws:RequestedRegion": "af-south-1" } };

const breaches: [string, ChangeStack, string][] = [
  [
    "a wildcard action",
    policy({ Action: ["sqs:SendMessage", "dynamodb:*"] }),
    "aws_iam_policy.policy allows the action dynamodb:*",
  ],
  ["every action", policy({ Action: "*" }), "aws_iam_policy.policy allows the action *"],
  ["a wildcard within an action", policy({ Action: "sqs:?endMessage" }), "allows the action sqs:?endMessage"],
  ["every resource", policy({ Resource: "*" }), "aws_iam_policy.policy allows the resource *"],
  [
    "a condition in place of a resource, for an action that has resources",
    policy({ Resource: "*", Condition: OF_CLUSTER }),
    "aws_iam_policy.policy allows the resource *",
  ],
  [
    "an action without resources, limited by nothing",
    policy({ Action: "ecs:ListServices", Resource: "*" }),
    "aws_iam_policy.policy allows the resource *",
  ],
  [
    "an action without resources, limited to another account",
    policy({
      Action: "ecs:ListServices",
      Resource: "*",
      Condition: { ArnEquals: { "ecs:cluster": "arn:aws:ecs:r:111122223333:cluster/c" } },
    }),
    "aws_iam_policy.policy allows the resource *",
  ],
  [
    "an action without resources, limited where the key is there",
    policy({
      Action: "ecs:ListServices",
      Resource: "*",
      Condition: { ArnEqualsIfExists: OF_CLUSTER.ArnEquals },
    }),
    "aws_iam_policy.policy allows the resource *",
  ],
  [
    "an action without resources beside one that has them",
    policy({ Action: ["ecs:ListServices", "ecs:DeleteService"], Resource: "*", Condition: OF_CLUSTER }),
    "aws_iam_policy.policy allows the resource *",
  ],
  ...(
    [
      ["limited by nothing", "logs:DescribeLogGroups", undefined],
      ["in any region", "logs:DescribeLogGroups", { StringLike: { "aws:RequestedRegion": "*" } }],
      ["in two regions", "logs:DescribeLogGroups", { StringEquals: { "aws:RequestedRegion": ["r", "s"] } }],
      ["in one region, of an action that has resources", "sqs:DeleteQueue", IN_A_REGION],
      ["in one region, of two actions", ["logs:DescribeLogGroups", "dynamodb:Scan"], IN_A_REGION],
    ] as const
  ).map(
    ([title, Action, Condition]) =>
      [
        `everything, ${title}`,
        policy({ Action, Resource: "*", Condition }),
        "aws_iam_policy.policy allows the resource *",
      ] satisfies [string, ChangeStack, string],
  ),
  [
    "resources of any name",
    policy({ Resource: "arn:aws:ecs:r:1:service/*" }),
    "allows the resource arn:aws:ecs:r:1:service/*",
  ],
  [
    "a wildcard within a resource's name",
    policy({ Resource: "arn:aws:sqs:r:1:q*" }),
    "allows the resource arn:aws:sqs:r:1:q*",
  ],
  [
    "resources of any account",
    policy({ Resource: "arn:aws:ecs:r:*:service/c/*" }),
    "allows the resource arn:aws:ecs:r:*:service/c/*",
  ],
  [
    "all actions but some",
    policy({ Action: undefined, NotAction: "iam:*" }),
    "allows by NotAction all but what it names",
  ],
  [
    "all resources but some",
    policy({ Resource: undefined, NotResource: "arn:aws:sqs:r:1:q" }),
    "allows by NotResource",
  ],
  ["everyone", queuePolicy({ Principal: { AWS: "*" } }), "allows the principal *"],
  ["everyone, said in short", queuePolicy({ Principal: "*" }), "allows the principal *"],
  [
    "another account",
    queuePolicy({ Principal: { AWS: "arn:aws:iam::111122223333:root" } }),
    "allows the principal arn:aws:iam::111122223333:root of another account",
  ],
  [
    "a user of no account",
    queuePolicy({ Principal: { AWS: "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1" } }),
    "allows the principal arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1 of another account",
  ],
  [
    "an account that is known only once it is deployed",
    queuePolicy({ Principal: { AWS: "arn:aws:iam::${data.aws_caller_identity.other.account_id}:root" } }),
    "allows the principal arn:aws:iam::${data.aws_caller_identity.other.account_id}:root of another account",
  ],
  [
    "a table that another account may write",
    (stack) => {
      new DynamodbResourcePolicy(stack, "table-policy", {
        resourceArn: "arn:aws:dynamodb:r:536580886816:table/t",
        policy: allowing({ Action: "dynamodb:PutItem", Principal: { AWS: "111122223333" } }),
      });
    },
    "aws_dynamodb_resource_policy.table-policy allows the principal 111122223333 of another account",
  ],
  [
    "logs that a service may write for whatever source",
    (stack) => {
      new CloudwatchLogResourcePolicy(stack, "logs-policy", {
        policyName: "p",
        policyDocument: allowing({ Action: "logs:PutLogEvents", Principal: { Service: "es.amazonaws.com" } }),
      });
    },
    "aws_cloudwatch_log_resource_policy.logs-policy allows es.amazonaws.com without aws:SourceArn",
  ],
  [
    "an AWS service for whatever source",
    queuePolicy({ Principal: { Service: "events.amazonaws.com" } }),
    "allows events.amazonaws.com without aws:SourceArn or aws:SourceAccount of account 536580886816",
  ],
  [
    "an AWS service whose source may be missing",
    queuePolicy({
      Principal: { Service: "events.amazonaws.com" },
      Condition: { StringEqualsIfExists: { "aws:SourceAccount": "536580886816" } },
    }),
    "allows events.amazonaws.com without aws:SourceArn or aws:SourceAccount",
  ],
  [
    "an AWS service for a source of another account",
    queuePolicy({
      Principal: { Service: "events.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": ["arn:aws:events:r:111122223333:rule/r"] } },
    }),
    "allows events.amazonaws.com without aws:SourceArn or aws:SourceAccount",
  ],
  [
    "an AWS service for a source that only looks like one of the account",
    queuePolicy({
      Principal: { Service: "events.amazonaws.com" },
      Condition: { ArnLike: { "aws:SourceArn": "arn:aws:events:*:536580886816:rule/*" } },
    }),
    "allows events.amazonaws.com without aws:SourceArn or aws:SourceAccount",
  ],
  [
    "a policy in the queue itself",
    (stack) => {
      new SqsQueue(stack, "queue", {
        name: "queue",
        sqsManagedSseEnabled: true,
        policy: allowing({ Principal: "*" }),
      });
    },
    "aws_sqs_queue.queue allows the principal *",
  ],
  [
    "a topic that everyone may publish to",
    (stack) => {
      new SnsTopicPolicy(stack, "topic-policy", {
        arn: "arn:aws:sns:r:536580886816:t",
        policy: allowing({ Action: "sns:Publish", Principal: "*" }),
      });
    },
    "aws_sns_topic_policy.topic-policy allows the principal *",
  ],
  [
    "a bus that everyone may put events on",
    (stack) => {
      new CloudwatchEventBusPolicy(stack, "bus-policy", {
        policy: allowing({ Action: "events:PutEvents", Principal: "*" }),
      });
    },
    "aws_cloudwatch_event_bus_policy.bus-policy allows the principal *",
  ],
  [
    "a bus that another account may put events on",
    (stack) => {
      new CloudwatchEventPermission(stack, "bus-permission", {
        principal: "111122223333",
        statementId: "other",
      });
    },
    "aws_cloudwatch_event_permission.bus-permission allows the principal 111122223333",
  ],
  [
    "a scheduler that may assume a role for whatever account",
    trust({ Principal: { Service: "scheduler.amazonaws.com" } }),
    "aws_iam_role.role allows scheduler.amazonaws.com without aws:SourceArn or aws:SourceAccount",
  ],
  [
    "a role that another account may assume",
    trust({ Principal: { AWS: "111122223333" } }),
    "aws_iam_role.role allows the principal 111122223333 of another account",
  ],
  [
    "a role for whatever repository",
    trust({
      Principal: { Federated: "arn:aws:iam::536580886816:oidc-provider/o" },
      Condition: { StringEquals: { "o:aud": "sts.amazonaws.com" }, StringLike: { "o:sub": "repo:a/*" } },
    }),
    "without an exact audience and an exact subject",
  ],
  [
    "a principal of a kind that nobody uses here",
    trust({ Principal: { CanonicalUser: "79a59df900b949e55d96a1e698fbaced" } }),
    "allows the principal CanonicalUser",
  ],
  [
    "a wildcard in a role's inline policy",
    (stack) => {
      new IamRole(stack, "role", {
        assumeRolePolicy: JSON.stringify(handlerTrustPolicy()),
        inlinePolicy: [{ name: "all", policy: allowing({ Action: "*" }) }],
      });
    },
    "aws_iam_role.role allows the action *",
  ],
  [
    "a user's policy with a wildcard",
    (stack) => {
      new IamUserPolicy(stack, "user-policy", { user: "u", policy: allowing({ Action: "*" }) });
    },
    "aws_iam_user_policy.user-policy allows the action *",
  ],
  [
    "AdministratorAccess",
    (stack) => {
      new IamRolePolicyAttachment(stack, "attachment", {
        role: "r",
        policyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
      });
    },
    "aws_iam_role_policy_attachment.attachment attaches the policy arn:aws:iam::aws:policy/AdministratorAccess",
  ],
  [
    "AdministratorAccess in a role itself",
    (stack) => {
      new IamRole(stack, "role", {
        assumeRolePolicy: JSON.stringify(handlerTrustPolicy()),
        managedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
      });
    },
    "aws_iam_role.role attaches the policy arn:aws:iam::aws:policy/AdministratorAccess",
  ],
  [
    "a function that everyone may invoke",
    permission({ principal: "*" }),
    "aws_lambda_permission.permission allows the principal *",
  ],
  [
    "a function that a service may invoke for whatever source",
    permission({ principal: "events.amazonaws.com" }),
    "aws_lambda_permission.permission allows events.amazonaws.com without source_arn or source_account",
  ],
  [
    "a function that a service may invoke for another account",
    permission({ principal: "events.amazonaws.com", sourceAccount: "111122223333" }),
    "allows events.amazonaws.com for the account",
  ],
  [
    "a function that a service may invoke for a resource of another account",
    permission({ principal: "events.amazonaws.com", sourceArn: "arn:aws:events:r:111122223333:rule/r" }),
    "allows events.amazonaws.com for the source arn:aws:events:r:111122223333:rule/r",
  ],
  [
    "a function that another account may invoke",
    permission({ principal: "111122223333" }),
    "allows the principal 111122223333 of another account",
  ],
  [
    "a function that the whole internet may invoke",
    (stack) => {
      new LambdaFunctionUrl(stack, "url", { functionName: "f", authorizationType: "NONE" });
    },
    "aws_lambda_function_url.url lets everybody invoke the function",
  ],
  [
    "a bucket without a public access block",
    (stack) => {
      new S3Bucket(stack, "bucket", { bucket: "bucket" });
    },
    "aws_s3_bucket.bucket has no public access block",
  ],
  [
    "a bucket whose public access block leaves a gap",
    (stack) => {
      const bucket = new S3Bucket(stack, "bucket", { bucket: "bucket" });
      new S3BucketPublicAccessBlock(stack, "block", { bucket: bucket.id, blockPublicAcls: true });
    },
    "has a public access block without block_public_policy, ignore_public_acls, restrict_public_buckets",
  ],
  [
    "a stack that may end up in any account",
    (stack) => {
      stack.addOverride("provider.aws", [{ region: "af-south-1", allowed_account_ids: [] }]);
    },
    "each provider.aws must allow one and the same account",
  ],
  [
    "a provider for another account",
    (stack) => {
      new AwsProvider(stack, "elsewhere", { alias: "elsewhere", allowedAccountIds: ["111122223333"] });
    },
    "each provider.aws must allow one and the same account",
  ],
  ["everyone but some", queuePolicy({ NotPrincipal: { AWS: "1" } }), "allows by NotPrincipal"],
  [
    "a policy that is not written out",
    (stack) => {
      new IamPolicy(stack, "policy", { policy: "${data.aws_iam_policy_document.elsewhere.json}" });
    },
    "aws_iam_policy.policy has a policy that cannot be checked",
  ],
  [
    "an override that makes a policy a wildcard",
    (stack) => {
      stack.addOverride(
        "resource.aws_iam_role_policy.function-role-policy.policy",
        allowing({ Action: "*" }),
      );
    },
    "aws_iam_role_policy.function-role-policy allows the action *",
  ],
  [
    "an unencrypted queue",
    (stack) => {
      new SqsQueue(stack, "queue", { name: "queue" });
    },
    "aws_sqs_queue.queue is not encrypted",
  ],
  [
    "an unencrypted bucket",
    (stack) => {
      new S3Bucket(stack, "bucket", { bucket: "bucket" });
    },
    "aws_s3_bucket.bucket is not encrypted",
  ],
  [
    "a table that is not encrypted with a key of the account",
    (stack) => {
      stack.addOverride("resource.aws_dynamodb_table.services-table.server_side_encryption.enabled", false);
    },
    "aws_dynamodb_table.services-table is not encrypted",
  ],
  [
    "a log group without retention",
    (stack) => {
      new CloudwatchLogGroup(stack, "logs", { name: "logs" });
    },
    "aws_cloudwatch_log_group.logs keeps its logs forever",
  ],
  [
    "a log group whose retention of 0 means forever",
    (stack) => {
      new CloudwatchLogGroup(stack, "logs", { name: "logs", retentionInDays: 0 });
    },
    "aws_cloudwatch_log_group.logs keeps its logs forever",
  ],
  [
    "a target without a dead-letter queue",
    (stack) => {
      new CloudwatchEventTarget(stack, "target", { rule: "rule", arn: "arn:aws:lambda:r:1:function:f" });
    },
    "aws_cloudwatch_event_target.target has no dead-letter queue",
  ],
  [
    "a resource whose provider lacks tags",
    (stack) => {
      const provider = new AwsProvider(stack, "elsewhere", {
        alias: "elsewhere",
        allowedAccountIds: [environment.accountId],
        defaultTags: [{ tags: { "bbws:project": "p", "bbws:component": "c", "bbws:environment": "" } }],
      });
      new SqsQueue(stack, "queue", { name: "queue", sqsManagedSseEnabled: true, provider });
    },
    "aws_sqs_queue.queue lacks the tags bbws:environment, bbws:managed-by",
  ],
  [
    "resources without any default tags",
    (stack) => {
      stack.addOverride("provider.aws", [{ allowed_account_ids: [environment.accountId] }]);
    },
    "aws_lambda_function.function lacks the tags bbws:project, bbws:component, bbws:environment, bbws:managed-by",
  ],
];

describe("Guardrails", () => {
  for (const [title, change, violation] of breaches) {
    it(`fail the synthesis on ${title}`, () => {
      expect(() => synthesizeEventHandler(environment, change)).to.throw(violation);
    });
  }

  it("fail the synthesis of the state bucket when it is not encrypted", () => {
    expect(() =>
      synthesizeState(environment, (stack) => {
        stack.node.tryRemoveChild("encryption");
      }),
    ).to.throw("aws_s3_bucket.bucket is not encrypted");
  });

  it("allow a service for a source of the account, a repository by its exact name, and a policy of the stack", () => {
    const account = "536580886816";
    const accepted: ChangeStack = (stack) => {
      const condition = { "aws:SourceAccount": account };
      queuePolicy({
        Principal: { Service: "sns.amazonaws.com", AWS: account },
        Condition: { StringEquals: condition },
      })(stack);
      const role = new IamRole(stack, "role", {
        assumeRolePolicy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "sts:AssumeRoleWithWebIdentity",
              Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/o` },
              Condition: { StringEquals: { "o:aud": "sts.amazonaws.com", "o:sub": ["repo:a/b:ref:c"] } },
            },
          ],
        }),
      });
      const own = new IamPolicy(stack, "policy", { policy: allowing({}) });
      new IamRolePolicyAttachment(stack, "attachment", { role: role.name, policyArn: own.arn });
      permission({ principal: "scheduler.amazonaws.com", sourceAccount: account })(stack);
    };
    expect(synthesizeEventHandler(environment, accepted).resource).to.have.property("aws_iam_policy");
  });

  it("name every violation at once", () => {
    expect(() =>
      synthesizeEventHandler(environment, (stack) => {
        new SqsQueue(stack, "one", { name: "one" });
        new SqsQueue(stack, "two", { name: "two" });
      }),
    ).to.throw(/aws_sqs_queue\.one is not encrypted[^]*aws_sqs_queue\.two is not encrypted/);
  });

  it("allow named actions on what is inside a named thing, a key of one's own, tags of one's own, and broad denials", () => {
    const accepted: ChangeStack = (stack) => {
      const provider = new AwsProvider(stack, "elsewhere", {
        alias: "elsewhere",
        allowedAccountIds: [environment.accountId],
      });
      new SqsQueue(stack, "queue", {
        name: "queue",
        kmsMasterKeyId: "alias/own",
        provider,
        tags: { "bbws:project": "p", "bbws:component": "c", "bbws:environment": "e", "bbws:managed-by": "m" },
      });
      new IamPolicy(stack, "policy", {
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Effect: "Allow",
              Action: "ecs:ListTagsForResource",
              Resource: "arn:aws:ecs:r:1:service/cluster/*",
            },
            { Effect: "Allow", Action: "logs:PutLogEvents", Resource: "arn:aws:logs:r:1:log-group:name:*" },
            { Effect: "Allow", Action: "ecs:ListServices", Resource: "*", Condition: OF_CLUSTER },
            { Effect: "Allow", Action: "logs:DescribeLogGroups", Resource: "*", Condition: IN_A_REGION },
            { Effect: "Deny", Principal: "*", Action: "*", Resource: "*" },
          ],
        }),
      });
    };
    expect(synthesizeEventHandler(environment, accepted).resource).to.have.property("aws_iam_policy");
  });
});
