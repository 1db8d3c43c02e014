import {
  accountOfStack,
  attachedPolicies,
  authorizedUrl,
  busPermission,
  inlinePolicies,
  invokePermission,
  policyIn,
  publicAccessBlock,
  type Resource,
  type GuardrailRule,
} from "./access-rules.ts";
import { asArray, asRecord, asText, type Json, property } from "./json.ts";
import { TAG_NAMES } from "./tags.ts";

/**
 * Returns what is wrong with a stack's Terraform JSON, such as `aws_sqs_queue.queue is not encrypted`; nothing when it
 * keeps every rule. The rules look at the JSON that Terraform gets, so that an override is judged like anything else.
 */
export const findViolations = (stack: unknown): string[] => {
  const providers = property(stack, "provider", "aws");
  const providerTags = tagsByProvider(providers);
  const accountId = accountOfStack(providers);
  if (accountId === undefined) return ["each provider.aws must allow one and the same account"];
  const resources = listResources(property(stack, "resource"));
  return resources.flatMap(({ type, address, body }) => {
    const problems = rulesFor(type, body).flatMap((rule) => rule(body, { address, accountId, resources }));
    const tags = {
      ...asRecord(providerTags.get(asText(body["provider"]) ?? "aws")),
      ...asRecord(body["tags"]),
    };
    const missing = TAG_NAMES.filter((name) => (asText(tags[name]) ?? "") === "");
    if (missing.length > 0) problems.push(`lacks the tags ${missing.join(", ")}`);
    return problems.map((problem) => `${address} ${problem}`);
  });
};

const encryptedQueue: GuardrailRule = ({ sqs_managed_sse_enabled, kms_master_key_id }) =>
  sqs_managed_sse_enabled === true || asText(kms_master_key_id) !== undefined ? [] : ["is not encrypted"];

/** A bucket's encryption is a resource of its own. */
const encryptedBucket: GuardrailRule = (_, { address, resources }) =>
  resources.some(
    ({ type, body }) =>
      type === "aws_s3_bucket_server_side_encryption_configuration" &&
      (asText(body["bucket"]) ?? "").startsWith(`\${${address}.`),
  )
    ? []
    : ["is not encrypted"];

const encryptedTable: GuardrailRule = ({ server_side_encryption }) =>
  property(server_side_encryption, "enabled") === true ? [] : ["is not encrypted"];

const limitedRetention: GuardrailRule = ({ retention_in_days }) =>
  typeof retention_in_days === "number" && retention_in_days > 0 ? [] : ["keeps its logs forever"];

const deadLetterQueue: GuardrailRule = ({ dead_letter_config }) =>
  asText(property(dead_letter_config, "arn")) !== undefined ? [] : ["has no dead-letter queue"];

const RULES: Readonly<Record<string, readonly GuardrailRule[]>> = {
  aws_dynamodb_table: [encryptedTable],
  aws_sqs_queue: [encryptedQueue, policyIn("policy", "resource")],
  aws_sqs_queue_policy: [policyIn("policy", "resource")],
  aws_sns_topic: [policyIn("policy", "resource")],
  aws_sns_topic_policy: [policyIn("policy", "resource")],
  aws_cloudwatch_event_bus_policy: [policyIn("policy", "resource")],
  aws_cloudwatch_event_permission: [busPermission],
  aws_s3_bucket: [encryptedBucket, publicAccessBlock, policyIn("policy", "resource")],
  aws_s3_bucket_policy: [policyIn("policy", "resource")],
  aws_cloudwatch_log_group: [limitedRetention],
  aws_cloudwatch_event_target: [deadLetterQueue],
  aws_lambda_permission: [invokePermission],
  aws_lambda_function_url: [authorizedUrl],
  aws_iam_role: [
    policyIn("assume_role_policy", "trust"),
    inlinePolicies,
    attachedPolicies("managed_policy_arns"),
  ],
  aws_iam_policy: [policyIn("policy", "identity")],
  aws_iam_role_policy: [policyIn("policy", "identity")],
  aws_iam_user_policy: [policyIn("policy", "identity")],
  aws_iam_group_policy: [policyIn("policy", "identity")],
  aws_iam_policy_attachment: [attachedPolicies("policy_arn")],
  aws_iam_role_policy_attachment: [attachedPolicies("policy_arn")],
  aws_iam_user_policy_attachment: [attachedPolicies("policy_arn")],
  aws_iam_group_policy_attachment: [attachedPolicies("policy_arn")],
  aws_iam_role_policy_attachments_exclusive: [attachedPolicies("policy_arns")],
};

/**
 * A resource of a type that nobody thought of may have a policy all the same: who may write a table or to a log is then
 * judged like who may send to a queue.
 */
const rulesFor = (type: string, body: Json): readonly GuardrailRule[] =>
  RULES[type] ??
  POLICY_ATTRIBUTES.filter((attribute) => body[attribute] !== undefined).map((attribute) =>
    policyIn(attribute, "resource"),
  );

const POLICY_ATTRIBUTES = [
  "policy",
  "resource_policy",
  "policy_document",
  "access_policy",
  "access_policies",
];

const listResources = (byType: unknown): Resource[] =>
  Object.entries(asRecord(byType)).flatMap(([type, byName]) =>
    Object.entries(asRecord(byName)).map(([name, body]) => ({
      type,
      address: `${type}.${name}`,
      body: asRecord(body),
    })),
  );

/** The default tags of each provider, by the name that resources use for it. */
const tagsByProvider = (providers: unknown): Map<string, unknown> =>
  new Map(
    asArray(providers).map((provider) => {
      const alias = asText(property(provider, "alias"));
      const [defaultTags] = asArray(property(provider, "default_tags"));
      return [alias === undefined ? "aws" : `aws.${alias}`, property(defaultTags, "tags")];
    }),
  );
