import { createHash } from "node:crypto";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { type PolicyDocument, policyDocument } from "./policy-document.ts";

/** Where the alarms are told, and whom they reach. */
export const addAlarmTopic = (stack: TerraformStack, environment: Environment): SnsTopic => {
  const { environment: name, notificationEmails, notificationEndpoints = [] } = environment;
  // Not encrypted by default: CloudWatch cannot publish to a topic under alias/aws/sns, and alarms tell no tenant's data.
  const topic = new SnsTopic(stack, "alarm-topic", {
    name: resourceNames(environment).topicName,
    displayName: `ECS tenant event handler, ${name}`,
  });
  const key = environment.security?.kmsKeys?.topic;
  if (key !== undefined) topic.kmsMasterKeyId = key;
  new SnsTopicPolicy(stack, "alarm-topic-policy", {
    arn: topic.arn,
    policy: JSON.stringify(alarmTopicPolicy(environment)),
  });
  for (const email of notificationEmails)
    new SnsTopicSubscription(stack, `alarm-email-${email.replaceAll(/[^A-Za-z0-9]+/g, "-")}`, {
      topicArn: topic.arn,
      protocol: "email",
      endpoint: email,
    });
  for (const endpoint of notificationEndpoints)
    new SnsTopicSubscription(stack, `alarm-https-${idOf(endpoint)}`, {
      topicArn: topic.arn,
      protocol: "https",
      endpoint,
      // PagerDuty and its like confirm by themselves.
      endpointAutoConfirms: true,
    });
  return topic;
};

/** The host, and enough of a hash: the rest of the URL is its key, which a plan's addresses need not tell. */
const idOf = (endpoint: string): string => {
  const host = new URL(endpoint).hostname.replaceAll(/[^A-Za-z0-9]+/g, "-");
  return `${host}-${createHash("sha256").update(endpoint).digest("hex").slice(0, 8)}`;
};

/**
 * This account's alarms alone may publish, and the roles of the workflows, which tell of jobs that failed. All others are refused, whatever
 * their own policies allow: a false alarm is an alarm.
 *
 * A negated operator holds for a request without the key: CloudWatch is no principal with an ARN, and a role has no source.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
 */
const alarmTopicPolicy = (environment: Environment): PolicyDocument => {
  const { topicArn, alarmArnPrefix, deployRoleArn, readRoleArn } = resourceNames(environment);
  const alarms = `${alarmArnPrefix}*`;
  return policyDocument(
    {
      Sid: "TellOfAlarms",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: {
        StringEquals: { "aws:SourceAccount": environment.accountId },
        ArnLike: { "aws:SourceArn": alarms },
      },
    },
    {
      Sid: "RefuseEverybodyElse",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: topicArn,
      Condition: {
        ArnNotLike: { "aws:SourceArn": alarms },
        ArnNotEquals: { "aws:PrincipalArn": [deployRoleArn, readRoleArn] },
      },
    },
  );
};
