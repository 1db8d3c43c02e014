import { findPolicyProblems } from "./policy-rules.ts";
import { TAG_NAMES } from "./tags.ts";

/**
 * What is wrong with a stack's Terraform JSON, `aws_sqs_queue.queue is not encrypted`; nothing when it keeps every rule.
 * The rules look at the JSON, as Terraform will, so that an override is judged like anything else.
 */
export const findViolations = (stack: unknown): string[] => {
  const providerTags = tagsByProvider(property(stack, "provider", "aws"));
  const resources = listResources(property(stack, "resource"));
  return resources.flatMap(({ type, address, body }) => {
    const problems = (RULES[type] ?? []).flatMap((rule) => rule(body, { address, resources }));
    const tags = {
      ...asRecord(providerTags.get(asText(body["provider"]) ?? "aws")),
      ...asRecord(body["tags"]),
    };
    const missing = TAG_NAMES.filter((name) => (asText(tags[name]) ?? "") === "");
    if (missing.length > 0) problems.push(`lacks the tags ${missing.join(", ")}`);
    return problems.map((problem) => `${address} ${problem}`);
  });
};

interface Resource {
  readonly type: string;
  readonly address: string;
  readonly body: Json;
}

type Json = Readonly<Record<string, unknown>>;

/** Says what is wrong with a resource of a certain type. */
type Rule = (body: Json, context: { address: string; resources: readonly Resource[] }) => string[];

const encryptedQueue: Rule = ({ sqs_managed_sse_enabled, kms_master_key_id }) =>
  sqs_managed_sse_enabled === true || asText(kms_master_key_id) !== undefined ? [] : ["is not encrypted"];

/** A bucket's encryption is a resource of its own. */
const encryptedBucket: Rule = (_, { address, resources }) =>
  resources.some(
    ({ type, body }) =>
      type === "aws_s3_bucket_server_side_encryption_configuration" &&
      (asText(body["bucket"]) ?? "").startsWith(`\${${address}.`),
  )
    ? []
    : ["is not encrypted"];

const limitedRetention: Rule = ({ retention_in_days }) =>
  typeof retention_in_days === "number" && retention_in_days > 0 ? [] : ["keeps its logs for ever"];

const deadLetterQueue: Rule = ({ dead_letter_config }) =>
  asText(property(dead_letter_config, "arn")) !== undefined ? [] : ["has no dead-letter queue"];

const policyIn =
  (attribute: string): Rule =>
  (body) =>
    findPolicyProblems(body[attribute]);

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  aws_sqs_queue: [encryptedQueue],
  aws_s3_bucket: [encryptedBucket],
  aws_cloudwatch_log_group: [limitedRetention],
  aws_cloudwatch_event_target: [deadLetterQueue],
  aws_iam_role: [policyIn("assume_role_policy")],
  aws_iam_role_policy: [policyIn("policy")],
  aws_iam_policy: [policyIn("policy")],
  aws_sqs_queue_policy: [policyIn("policy")],
  aws_sns_topic_policy: [policyIn("policy")],
  aws_s3_bucket_policy: [policyIn("policy")],
};

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

const property = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce((parent, name) => asRecord(parent)[name], value);

const asRecord = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};

const asArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

const asText = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
