/** Who wants to do what, and for whom, in the words of a resource's policy. */
export interface AccessRequest extends ActionRequest {
  /** An AWS service: `events.amazonaws.com`. */
  readonly service: string;
}

/** What somebody wants to do. */
export interface ActionRequest {
  readonly action: string;
  readonly resource: string;
  /** What conditions ask about, by key: `aws:SourceArn`. */
  readonly context: Readonly<Record<string, string>>;
}

/**
 * Decides as AWS does whether a resource's policy lets a service in: a Deny that applies wins, else one Allow is needed.
 * Code of the emulator's own: what `verify` decides about permissions is one of the things that are rehearsed.
 * @param policy as GetPolicy and GetQueueAttributes return it; empty when there is none.
 * @throws for what this emulator cannot decide about, rather than guess.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export const isAllowed = (policy: string, request: AccessRequest): boolean => {
  if (policy === "") return false;
  return decide(
    statementsIn(policy).filter(
      (statement) => isPrincipal(statement.Principal, request.service) && applies(statement, request),
    ),
  );
};

/**
 * The same of the policies of a role, whose principal is the one that has taken it on.
 * @param policies all of the role's, each as JSON.
 */
export const isAllowedByRole = (policies: readonly string[], request: ActionRequest): boolean =>
  decide(policies.flatMap(statementsIn).filter((statement) => applies(statement, request)));

const statementsIn = (policy: string): readonly Statement[] => {
  const { Statement = [] } = JSON.parse(policy) as { Statement?: Statement | readonly Statement[] };
  return listOf(Statement);
};

const decide = (applying: readonly Statement[]): boolean =>
  applying.length > 0 && applying.every(({ Effect }) => Effect === "Allow");

type OneOrMore = string | readonly string[];

interface Statement {
  readonly Effect: "Allow" | "Deny";
  /** In the policy of a resource only. */
  readonly Principal?: "*" | Readonly<Record<string, OneOrMore>>;
  readonly Action: OneOrMore;
  readonly Resource: OneOrMore;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMore>>>>;
}

const applies = (statement: Statement, { action, resource, context }: ActionRequest): boolean => {
  for (const element of Object.keys(statement))
    if (!ELEMENTS.has(element)) throw new Error(`The emulator does not know the policy element ${element}`);
  return (
    listOf(statement.Action).some((pattern) => isLike(action.toLowerCase(), pattern.toLowerCase())) &&
    listOf(statement.Resource).some((pattern) => isLike(resource, pattern)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) => holds(operator, keys, context))
  );
};

const ELEMENTS = new Set(["Sid", "Effect", "Principal", "Action", "Resource", "Condition"]);

const isPrincipal = (principal: Statement["Principal"], service: string): boolean =>
  principal === "*" || listOf(principal?.["Service"] ?? []).includes(service);

/**
 * All keys of an operator must match, each with any of its values. A key that the request lacks matches nothing, and so
 * satisfies a negated operator.
 */
const holds = (
  operator: string,
  keys: Readonly<Record<string, OneOrMore>>,
  context: AccessRequest["context"],
): boolean => {
  const isNegated = /^(String|Arn)Not/.test(operator);
  const matches = OPERATORS.get(isNegated ? operator.replace("Not", "") : operator);
  if (matches === undefined) throw new Error(`The emulator does not know the condition operator ${operator}`);
  return Object.entries(keys).every(([key, values]) => {
    const [, actual] =
      Object.entries(context).find(([name]) => name.toLowerCase() === key.toLowerCase()) ?? [];
    const isMatched = actual !== undefined && listOf(values).some((value) => matches(actual, value));
    return isMatched !== isNegated;
  });
};

const isLike = (actual: string, pattern: string): boolean =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  ).test(actual);

/** Both operators for ARNs take wildcards. */
const OPERATORS = new Map<string, (actual: string, value: string) => boolean>([
  ["StringEquals", (actual, value) => actual === value],
  ["StringLike", isLike],
  ["ArnEquals", isLike],
  ["ArnLike", isLike],
]);

const listOf = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? (value as readonly T[]) : [value as T];
