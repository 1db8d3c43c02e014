import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket/index.js";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue/index.js";
import { expect } from "chai";
import { loadEnvironment } from "../../envs/load.ts";
import { type Change, synthesizeEventHandler, synthesizeState } from "./synthesized.ts";

const environment = loadEnvironment("dev");

/** A policy that allows one thing; what it says besides is given. */
const allowing = (statement: object): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "arn:aws:sqs:r:1:q", ...statement }],
  });

const policy =
  (statement: object): Change =>
  (stack) => {
    new IamPolicy(stack, "policy", { policy: allowing(statement) });
  };

const breaches: [string, Change, string][] = [
  [
    "a wildcard action",
    policy({ Action: ["sqs:SendMessage", "dynamodb:*"] }),
    "aws_iam_policy.policy allows the action dynamodb:*",
  ],
  ["every action", policy({ Action: "*" }), "aws_iam_policy.policy allows the action *"],
  ["a wildcard within an action", policy({ Action: "sqs:?endMessage" }), "allows the action sqs:?endMessage"],
  ["every resource", policy({ Resource: "*" }), "aws_iam_policy.policy allows the resource *"],
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
  ["everyone", policy({ Principal: { AWS: "*" } }), "allows the principal *"],
  ["everyone but some", policy({ NotPrincipal: { AWS: "1" } }), "allows by NotPrincipal"],
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
    "a log group without retention",
    (stack) => {
      new CloudwatchLogGroup(stack, "logs", { name: "logs" });
    },
    "aws_cloudwatch_log_group.logs keeps its logs for ever",
  ],
  [
    "a log group whose retention of 0 means for ever",
    (stack) => {
      new CloudwatchLogGroup(stack, "logs", { name: "logs", retentionInDays: 0 });
    },
    "aws_cloudwatch_log_group.logs keeps its logs for ever",
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
        defaultTags: [{ tags: { "bbws:project": "p", "bbws:component": "c", "bbws:environment": "" } }],
      });
      new SqsQueue(stack, "queue", { name: "queue", sqsManagedSseEnabled: true, provider });
    },
    "aws_sqs_queue.queue lacks the tags bbws:environment, bbws:managed-by",
  ],
  [
    "resources without any default tags",
    (stack) => {
      stack.addOverride("provider.aws", [{ region: "af-south-1" }]);
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

  it("name every violation at once", () => {
    expect(() =>
      synthesizeEventHandler(environment, (stack) => {
        new SqsQueue(stack, "one", { name: "one" });
        new SqsQueue(stack, "two", { name: "two" });
      }),
    ).to.throw(/aws_sqs_queue\.one is not encrypted[^]*aws_sqs_queue\.two is not encrypted/);
  });

  it("allow named actions on what is inside a named thing, a key of one's own, tags of one's own, and broad denials", () => {
    const accepted: Change = (stack) => {
      const provider = new AwsProvider(stack, "elsewhere", { alias: "elsewhere" });
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
            { Effect: "Deny", Principal: "*", Action: "*", Resource: "*" },
          ],
        }),
      });
    };
    expect(synthesizeEventHandler(environment, accepted).resource).to.have.property("aws_iam_policy");
  });
});
