import { isDeepStrictEqual } from "node:util";
import { DescribeRuleCommand } from "@aws-sdk/client-eventbridge";
import { GetPolicyCommand } from "@aws-sdk/client-lambda";
import { eventPatterns } from "../../stacks/event-patterns.ts";
import { isNotFound } from "../aws/explain-error.ts";
import { type Check, fail, judge, pass } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { ObstacleError } from "../../checklist/errors.ts";
import { listOwnRules, listRulesOfTarget, listTargets, type Target } from "../aws/eventbridge/rules.ts";
import { lazy } from "../../checklist/lazy.ts";
import { findInvokers } from "./invoke-permission.ts";
import { parseJson } from "../../checklist/parse-json.ts";

/**
 * The two rules hand events to the alias, and no others do.
 * @param mayOthers whether others may too: the rules of an old version in the middle of a takeover.
 */
export const exactlyTheRules = (context: Context, mayOthers = false): Check => ({
  title: "Event rules",
  run: async () => {
    const { ruleNames, aliasArn, functionArn } = context.names;
    const expected = [ruleNames.serviceAction, ruleNames.deploymentStateChange].sort();
    const found = new Set([
      ...(await listOwnRules(context)),
      // Rules of another name would bring events a second time, those at the bare function past the releases.
      ...(await listRulesOfTarget(context, aliasArn)),
      ...(await listRulesOfTarget(context, functionArn)),
    ]);
    const others = [...found].filter((rule) => !expected.includes(rule)).sort();
    const isRight = expected.every((rule) => found.has(rule)) && (mayOthers || others.length === 0);
    const finding = judge(
      isRight,
      found.size === 0 ? "none" : [...found].sort().join(", "),
      `exactly ${expected.join(", ")}`,
    );
    return isRight || others.length === 0
      ? finding
      : {
          ...finding,
          hint: `Not of this stack: ${others.join(", ")}. If an old version has left them`,
          next: `npm run ops -- adopt ${context.environment.environment}`,
        };
  },
});

/** Each of them is as it was generated. */
export const checksOfEachRule = (context: Context): readonly Check[] => {
  const { names, environment } = context;
  const patterns = eventPatterns(environment);
  const invokers = lazy(() => readInvokers(context));
  return (["serviceAction", "deploymentStateChange"] as const).flatMap((rule) =>
    checksOfRule(context, {
      name: names.ruleNames[rule],
      arn: names.ruleArns[rule],
      pattern: patterns[rule],
      invokers,
    }),
  );
};

interface ExpectedRule {
  readonly name: string;
  readonly arn: string;
  readonly pattern: object;
  readonly invokers: () => Promise<readonly string[]>;
}

const checksOfRule = (context: Context, { name, arn, pattern, invokers }: ExpectedRule): readonly Check[] => {
  const { aws, names, signal } = context;
  const description = lazy(() =>
    aws.eventBridge
      .send(new DescribeRuleCommand({ Name: name }), { abortSignal: signal })
      .catch((error: unknown) => {
        throw isNotFound(error) ? new ObstacleError("there is no such rule", { cause: error }) : error;
      }),
  );
  return [
    {
      title: `${name} state`,
      run: async () => {
        const { State = "unknown" } = await description();
        return judge(State === "ENABLED", State, "ENABLED");
      },
    },
    {
      title: `${name} pattern`,
      run: async () => {
        const { EventPattern = "" } = await description();
        return isDeepStrictEqual(parseJson(EventPattern), toJson(pattern))
          ? pass("as generated", "as generated")
          : fail(EventPattern, JSON.stringify(pattern));
      },
    },
    {
      title: `${name} target`,
      run: async () => {
        const targets = await listTargets(context, name);
        const expected: Target = [names.aliasArn, names.deadLetterQueueArn, undefined];
        return judge(
          isDeepStrictEqual(targets, [expected]),
          targets.map(describeTarget).join(", ") || "none",
          describeTarget(expected),
        );
      },
    },
    {
      title: `${name} permission`,
      run: async () => {
        const expected = `${arn} may invoke ${names.aliasArn}`;
        const sources = await invokers();
        return sources.includes(arn)
          ? pass("granted", expected)
          : fail(sources.length === 0 ? "no rule may" : `only ${sources.join(", ")} may`, expected);
      },
    },
  ];
};

const describeTarget = ([arn, deadLetterQueueArn = "none", rewrittenBy]: Target): string =>
  `${arn} (dead-letter queue ${deadLetterQueueArn}${rewrittenBy === undefined ? "" : `; its ${rewrittenBy} makes something else of each event`})`;

const readInvokers = async ({ aws, names, signal }: Context): Promise<readonly string[]> => {
  try {
    const { Policy = "{}" } = await aws.lambda.send(
      new GetPolicyCommand({ FunctionName: names.functionName, Qualifier: names.aliasName }),
      { abortSignal: signal },
    );
    return findInvokers(Policy, names.aliasArn);
  } catch (error) {
    // Without any permission there is no policy.
    if (isNotFound(error)) return [];
    throw error;
  }
};

const toJson = (value: object): unknown => JSON.parse(JSON.stringify(value));
