import {
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import type { Context } from "../../context.ts";

/** The rules whose names begin with the function's. */
export const listOwnRules = ({ aws, names, signal }: Context): Promise<readonly string[]> =>
  collectPages(async (NextToken) => {
    const { Rules = [], NextToken: next } = await aws.eventBridge.send(
      new ListRulesCommand({ NamePrefix: names.functionName, NextToken }),
      { abortSignal: signal },
    );
    return { items: Rules.map(({ Name = "" }) => Name), next };
  });

/** The rules, of whatever name, that hand their events to this ARN. */
export const listRulesOfTarget = ({ aws, signal }: Context, TargetArn: string): Promise<readonly string[]> =>
  collectPages(async (NextToken) => {
    const { RuleNames = [], NextToken: next } = await aws.eventBridge.send(
      new ListRuleNamesByTargetCommand({ TargetArn, NextToken }),
      { abortSignal: signal },
    );
    return { items: RuleNames, next };
  });

/** Each target's ARN and its dead-letter queue's, and what makes something else of the event, such as `InputTransformer`. */
export type Target = readonly [
  arn: string,
  deadLetterQueueArn: string | undefined,
  rewrittenBy: string | undefined,
];

export const listTargets = ({ aws, signal }: Context, Rule: string): Promise<readonly Target[]> =>
  collectPages(async (NextToken) => {
    const { Targets = [], NextToken: next } = await aws.eventBridge.send(
      new ListTargetsByRuleCommand({ Rule, NextToken }),
      { abortSignal: signal },
    );
    return {
      items: Targets.map((target): Target => [
        target.Arn ?? "",
        target.DeadLetterConfig?.Arn,
        REWRITING.find((way) => Boolean(target[way])),
      ]),
      next,
    };
  });

const REWRITING = ["Input", "InputPath", "InputTransformer"] as const;

/** The SDK pages through most lists by itself, but not through EventBridge's. */
const collectPages = async <T>(
  readPage: (token: string | undefined) => Promise<{ items: readonly T[]; next: string | undefined }>,
): Promise<readonly T[]> => {
  const all: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await readPage(token);
    all.push(...items);
    token = next;
  } while (token !== undefined);
  return all;
};
