import { Ajv } from "ajv";
import { type Condition, isOwnArn, namesItsSource, REFERENCE } from "./policy-source.ts";

/** Where a policy is attached decides who the principals in it are. */
export type PolicyKind =
  /** To a role: what it may do. */
  | "identity"
  /** To a role: who may assume it. */
  | "trust"
  /** To a queue, topic, bus or bucket: who may use it. */
  | "resource";

/**
 * Returns what is wrong with a policy, given as the JSON text that Terraform gets. A policy must allow named actions on
 * named resources to named principals of its own account, and an AWS service only on behalf of a named source, or any
 * other account could use the service as its deputy. What a policy denies may be as broad as it likes.
 * @param accountId the account that the stack is for.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export const findPolicyProblems = (policy: unknown, kind: PolicyKind, accountId: string): string[] => {
  const document = parse(policy);
  if (!isPolicy(document)) return ["has a policy that cannot be checked: it must be literal JSON"];
  return asArray(document.Statement)
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap((statement) => [
      ...findBroadElements(statement, accountId),
      ...(kind === "identity" ? [] : findPrincipalProblems(statement, kind, accountId)),
    ]);
};

/** True for `*` and `?`, but for everything inside one named thing. */
export const isWildcard = (name: string): boolean => WILDCARD.test(name.replace(NAMED_PARENT, "$1"));

const findBroadElements = (statement: AnyPolicyStatement, accountId: string): string[] => [
  ...BROAD_ELEMENTS.filter((element) => statement[element] !== undefined).map(
    (element) => `allows by ${element} all but what it names`,
  ),
  ...asArray(statement.Action)
    .filter((action) => WILDCARD.test(action))
    .map((action) => `allows the action ${action}`),
  ...asArray(statement.Resource)
    .filter((resource) => isWildcard(resource) && !isLimitedByCondition(statement, resource, accountId))
    .map((resource) => `allows the resource ${resource}`),
];

/**
 * Of some actions IAM knows no resource, so that they exist with `*` alone; a condition then says what they are for: one
 * thing of the account, by its ARN.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
const isLimitedByCondition = (
  { Action, Condition = {} }: AnyPolicyStatement,
  resource: string,
  accountId: string,
): boolean => {
  const actions = asArray(Action);
  return (
    resource === "*" &&
    actions.length > 0 &&
    actions.every((action) => {
      const key = KEYS_OF_ACTIONS_WITHOUT_RESOURCE.get(action);
      const values = key === undefined ? [] : asArray(Condition["ArnEquals"]?.[key]);
      return (
        (values.length > 0 && values.every((value) => isOwnArn(value, accountId))) ||
        (ACTIONS_OF_A_REGION.has(action) && isOneRegion(Condition))
      );
    })
  );
};

/**
 * What the workflows call and IAM asks about for no resource, or for all of a kind: lists, and what is known by an id that AWS makes
 * up. None of them reads a row, a message or a line of a log, or changes what a function does; one region is the narrowest there is.
 */
export const ACTIONS_OF_A_REGION: ReadonlySet<string> = new Set([
  "cloudwatch:DescribeAlarms",
  "cloudwatch:GetMetricStatistics",
  "events:ListRuleNamesByTarget",
  "events:ListRules",
  "logs:DeleteQueryDefinition",
  "logs:DescribeLogGroups",
  "logs:DescribeQueryDefinitions",
  "logs:PutQueryDefinition",
  "sns:GetSubscriptionAttributes",
  "sns:SetSubscriptionAttributes",
  "sns:Unsubscribe",
]);

const isOneRegion = (condition: Condition): boolean => {
  const regions = asArray(condition["StringEquals"]?.["aws:RequestedRegion"]);
  return regions.length === 1 && regions.every((region) => region !== "" && !WILDCARD.test(region));
};

const KEYS_OF_ACTIONS_WITHOUT_RESOURCE: ReadonlyMap<string, string> = new Map([
  ["ecs:ListServices", "ecs:cluster"],
]);

const findPrincipalProblems = (
  statement: AnyPolicyStatement,
  kind: Exclude<PolicyKind, "identity">,
  accountId: string,
): string[] =>
  principalsOf(statement).flatMap(({ type, name }) => {
    if (WILDCARD.test(name)) return [`allows the principal ${name}`];
    switch (type) {
      case "AWS": {
        return REFERENCE.test(name) || accountOf(name) === accountId
          ? []
          : [`allows the principal ${name} of another account`];
      }
      case "Service":
        return (kind === "trust" && TRUSTED_WITHOUT_SOURCE.has(name)) ||
          namesItsSource(statement.Condition, accountId)
          ? []
          : [`allows ${name} without aws:SourceArn or aws:SourceAccount of account ${accountId}`];
      case "Federated":
        return namesItsSubject(statement.Condition)
          ? []
          : [`allows ${name} without an exact audience and an exact subject`];
      default:
        return [`allows the principal ${type} ${name}`];
    }
  });

/** Lambda assumes a function's role for the account that the function is in; it sends no source to ask for. */
const TRUSTED_WITHOUT_SOURCE: ReadonlySet<string> = new Set(["lambda.amazonaws.com"]);

/** @see https://docs.github.com/en/actions/reference/security/oidc */
const namesItsSubject = (condition: Condition = {}): boolean =>
  ["aud", "sub"].every((claim) =>
    Object.entries(condition["StringEquals"] ?? {}).some(
      ([key, values]) => key.endsWith(`:${claim}`) && asArray(values).every((value) => value !== ""),
    ),
  );

const WILDCARD = /[*?]/;

/**
 * Everything inside one named thing is not a wildcard: the services of a cluster, `…:service/CLUSTER/*`, the streams of a
 * log group, `…:log-group:NAME:*`.
 */
const NAMED_PARENT = /^(arn:[^:]+:[^:]+:[^:]*:[^:]*:[a-z-]+[:/][^*?]+)[:/]\*$/;

const BROAD_ELEMENTS = ["NotAction", "NotResource", "NotPrincipal"] as const;

/** An account's id, or that of an ARN; undefined for what is neither, such as a user of CloudFront. */
const accountOf = (principal: string): string | undefined =>
  /^(?:arn:[^:]+:[^:]*:[^:]*:)?(\d{12})\b/.exec(principal)?.[1];

interface Policy {
  readonly Statement: AnyPolicyStatement | readonly AnyPolicyStatement[];
}

interface AnyPolicyStatement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotAction?: unknown;
  readonly NotResource?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Condition?: Condition;
}

const names = { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] };

const statement = {
  type: "object",
  required: ["Effect"],
  properties: {
    Effect: { enum: ["Allow", "Deny"] },
    Action: names,
    Resource: names,
    Principal: { anyOf: [{ type: "string" }, { type: "object", additionalProperties: names }] },
    Condition: { type: "object", additionalProperties: { type: "object", additionalProperties: names } },
  },
};

const isPolicy = new Ajv().compile<Policy>({
  type: "object",
  required: ["Statement"],
  properties: { Statement: { anyOf: [statement, { type: "array", items: statement }] } },
});

const parse = (policy: unknown): unknown => {
  try {
    return JSON.parse(String(policy));
  } catch {
    return undefined;
  }
};

const principalsOf = ({ Principal = {} }: AnyPolicyStatement): { type: string; name: string }[] =>
  typeof Principal === "string"
    ? [{ type: "AWS", name: Principal }]
    : Object.entries(Principal).flatMap(([type, listed]) => asArray(listed).map((name) => ({ type, name })));

const asArray = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : isArray(value) ? value : [value];

const isArray = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);
