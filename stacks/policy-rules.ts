import { Ajv } from "ajv";

/**
 * What is wrong with a policy, given as the JSON text that Terraform gets: it must allow named actions on named resources to
 * named principals. What it denies may be as broad as it likes.
 */
export const findPolicyProblems = (policy: unknown): string[] => {
  const document = parse(policy);
  if (!isPolicy(document)) return ["has a policy that cannot be checked: it must be literal JSON"];
  return asArray(document.Statement)
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap((statement) => [
      ...BROAD_ELEMENTS.filter((element) => statement[element] !== undefined).map(
        (element) => `allows by ${element} all but what it names`,
      ),
      ...asArray(statement.Action)
        .filter((action) => WILDCARD.test(action))
        .map((action) => `allows the action ${action}`),
      ...asArray(statement.Resource)
        .filter((resource) => WILDCARD.test(resource.replace(NAMED_PARENT, "$1")))
        .map((resource) => `allows the resource ${resource}`),
      ...principalsOf(statement)
        .filter((principal) => WILDCARD.test(principal))
        .map((principal) => `allows the principal ${principal}`),
    ]);
};

const WILDCARD = /[*?]/;

/**
 * Everything inside one named thing is not a wildcard: the services of a cluster, `…:service/CLUSTER/*`, the streams of a
 * log group, `…:log-group:NAME:*`.
 */
const NAMED_PARENT = /^(arn:[^:]+:[^:]+:[^:]*:[^:]*:[a-z-]+[:/][^*?]+)[:/]\*$/;

const BROAD_ELEMENTS = ["NotAction", "NotResource", "NotPrincipal"] as const;

interface Policy {
  readonly Statement: Statement | readonly Statement[];
}

interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly NotAction?: unknown;
  readonly NotResource?: unknown;
  readonly NotPrincipal?: unknown;
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

const principalsOf = ({ Principal = {} }: Statement): string[] =>
  typeof Principal === "string" ? [Principal] : Object.values(Principal).flatMap(asArray);

const asArray = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : isArray(value) ? value : [value];

const isArray = <T>(value: T | readonly T[]): value is readonly T[] => Array.isArray(value);
