import {
  DeleteRuleCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { RemovePermissionCommand } from "@aws-sdk/client-lambda";
import type { Context } from "../context.ts";
import { listPermittedRules } from "./permitted-rules.ts";
import { ifFound } from "./resource-type.ts";

/**
 * Takes the function from a rule that no stack owns, then the permissions by which the rule invoked it. A rule that serves nobody
 * else is deleted; one that is gone already leaves the permissions, as after an interruption.
 */
export const deleteOldRule = async (context: Context, Rule: string): Promise<"deleted" | "serves others"> => {
  const { eventBridge } = context.aws;
  const { functionArn, aliasName } = context.names;
  const found = await ifFound(() => eventBridge.send(new ListTargetsByRuleCommand({ Rule })));
  const targets = found?.Targets ?? [];
  const ours = targets.filter(({ Arn = "" }) => Arn === functionArn || Arn.startsWith(`${functionArn}:`));
  if (ours.length > 0)
    await eventBridge.send(new RemoveTargetsCommand({ Rule, Ids: ours.map(({ Id = "" }) => Id) }));
  const servesOthers = ours.length < targets.length;
  if (found !== undefined && !servesOthers) await eventBridge.send(new DeleteRuleCommand({ Name: Rule }));
  for (const qualifier of [undefined, aliasName]) await removePermissions(context, Rule, qualifier);
  return servesOthers ? "serves others" : "deleted";
};

const removePermissions = async (
  context: Context,
  rule: string,
  Qualifier: string | undefined,
): Promise<void> => {
  const { aws, names } = context;
  for (const { rule: permitted, StatementId } of await listPermittedRules(context, Qualifier))
    if (permitted === rule)
      await aws.lambda.send(
        new RemovePermissionCommand({ FunctionName: names.functionName, Qualifier, StatementId }),
      );
};
