import { asArray, asText, blocks, type Json, property } from "./json.ts";
import { findPolicyProblems, isWildcard, type PolicyKind } from "./policy-rules.ts";
import { isOwnArn } from "./policy-source.ts";

/** What a rule may look at besides the resource itself. */
export interface RuleContext {
  readonly address: string;
  readonly accountId: string;
  readonly resources: readonly Resource[];
}

export interface Resource {
  readonly type: string;
  readonly address: string;
  readonly body: Json;
}

/** Returns what is wrong with a resource of a certain type. */
export type GuardrailRule = (body: Json, context: RuleContext) => string[];

/** The JSON text in an attribute is a policy that keeps the rules; an absent attribute is no policy. */
export const policyIn =
  (attribute: string, kind: PolicyKind): GuardrailRule =>
  (body, { accountId }) =>
    body[attribute] === undefined ? [] : findPolicyProblems(body[attribute], kind, accountId);

/** The policies inside a role's `inline_policy` blocks. */
export const inlinePolicies: GuardrailRule = ({ inline_policy }, { accountId }) =>
  blocks(inline_policy).flatMap(({ policy }) => findPolicyProblems(policy, "identity", accountId));

/**
 * Only policies of the same stack may be attached: AWS changes its managed policies when it likes, and most of them allow
 * far more than one component needs, AdministratorAccess everything.
 */
export const attachedPolicies =
  (attribute: string): GuardrailRule =>
  (body) =>
    [body[attribute]]
      .flat()
      .filter((arn) => arn !== undefined && !/^\$\{aws_iam_policy\.[^{}]+\.arn\}$/.test(asText(arn) ?? ""))
      .map((arn) => `attaches the policy ${String(arn)}, which is not of this stack`);

/** @see https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html */
export const invokePermission: GuardrailRule = ({ principal, source_arn, source_account }, { accountId }) => {
  const name = asText(principal) ?? "";
  if (name === "" || isWildcard(name)) return [`allows the principal ${name}`];
  if (!name.endsWith(".amazonaws.com"))
    return name === accountId || isOwnArn(name, accountId)
      ? []
      : [`allows the principal ${name} of another account`];
  const arn = asText(source_arn);
  if (arn !== undefined && !isOwnArn(arn, accountId)) return [`allows ${name} for the source ${arn}`];
  if (source_account !== undefined && source_account !== accountId)
    return [`allows ${name} for the account ${JSON.stringify(source_account)}`];
  return arn === undefined && source_account === undefined
    ? [`allows ${name} without source_arn or source_account`]
    : [];
};

/** The older form of a bus policy: one account, or everybody, may put events. */
export const busPermission: GuardrailRule = ({ principal }, { accountId }) =>
  principal === accountId ? [] : [`allows the principal ${asText(principal) ?? ""}`];

/** A function URL without authorization lets everybody on the internet invoke the function. */
export const authorizedUrl: GuardrailRule = ({ authorization_type }) =>
  authorization_type === "AWS_IAM"
    ? []
    : ["lets everybody invoke the function: authorization_type is not AWS_IAM"];

/** A bucket's public access block is a resource of its own. */
export const publicAccessBlock: GuardrailRule = (_, { address, resources }) => {
  const block = resources.find(
    ({ type, body }) =>
      type === "aws_s3_bucket_public_access_block" &&
      (asText(body["bucket"]) ?? "").startsWith(`\${${address}.`),
  );
  if (block === undefined) return ["has no public access block"];
  const open = PUBLIC_ACCESS_SETTINGS.filter((setting) => block.body[setting] !== true);
  return open.length === 0 ? [] : [`has a public access block without ${open.join(", ")}`];
};

const PUBLIC_ACCESS_SETTINGS = [
  "block_public_acls",
  "block_public_policy",
  "ignore_public_acls",
  "restrict_public_buckets",
];

/** The account that a stack is for: the one that each of its providers allows, and no other. */
export const accountOfStack = (providers: unknown): string | undefined => {
  const allowed = new Set(
    asArray(providers).map((provider) => JSON.stringify(property(provider, "allowed_account_ids"))),
  );
  const [only, ...others] = allowed;
  return others.length > 0 ? undefined : /^\["(\d{12})"\]$/.exec(only ?? "")?.[1];
};
