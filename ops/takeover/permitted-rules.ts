import { ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import { GetPolicyCommand } from "@aws-sdk/client-lambda";
import { statementsOf } from "../aws/policy-statements.ts";
import type { Context } from "../context.ts";
import { ifFound } from "./resource-type.ts";

interface PermittedRule {
  readonly rule: string;
  readonly StatementId: string;
}

/** The rules of this account that may invoke the function, or its alias, by the statements of its policy. */
export const listPermittedRules = async (
  { aws, names, environment: { region, accountId }, signal }: Context,
  Qualifier: string | undefined,
): Promise<readonly PermittedRule[]> => {
  const FunctionName = names.functionName;
  const found = await ifFound(() =>
    aws.lambda.send(new GetPolicyCommand({ FunctionName, Qualifier }), { abortSignal: signal }),
  );
  const sources = new RegExp(`"arn:aws:events:${region}:${accountId}:rule/([^"*?/]+)"`, "g");
  return statementsOf(found?.Policy).flatMap(({ Condition, Sid }) =>
    [...JSON.stringify(Condition ?? {}).matchAll(sources)].map(([, rule = ""]) => ({
      rule,
      StatementId: String(Sid),
    })),
  );
};

/** What an interruption leaves of an old rule: it may invoke the function, and has no target any more, or is gone itself. */
export const listAbandonedRules = async (context: Context): Promise<readonly string[]> => {
  const { aws, names, signal } = context;
  const ours: readonly string[] = Object.values(names.ruleNames);
  const permitted = new Set<string>();
  for (const qualifier of [undefined, names.aliasName])
    for (const { rule } of await listPermittedRules(context, qualifier)) permitted.add(rule);
  const abandoned: string[] = [];
  for (const Rule of [...permitted].filter((rule) => !ours.includes(rule)).sort()) {
    const found = await ifFound(() =>
      aws.eventBridge.send(new ListTargetsByRuleCommand({ Rule }), { abortSignal: signal }),
    );
    if ((found?.Targets ?? []).length === 0) abandoned.push(Rule);
  }
  return abandoned;
};
