import {
  DeleteRuleCommand,
  ListTargetsByRuleCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { GetPolicyCommand, RemovePermissionCommand } from "@aws-sdk/client-lambda";
import { isObject } from "../../checklist/is-object.ts";
import type { Context } from "../context.ts";
import { ifFound } from "./resource-type.ts";

/** Deletes a rule that no stack owns, then the permissions by which it invoked the function. */
export const deleteOldRule = async (context: Context, Rule: string): Promise<void> => {
  const { eventBridge } = context.aws;
  const { Targets = [] } = await eventBridge.send(new ListTargetsByRuleCommand({ Rule }));
  const Ids = Targets.map(({ Id = "" }) => Id);
  if (Ids.length > 0) await eventBridge.send(new RemoveTargetsCommand({ Rule, Ids }));
  await eventBridge.send(new DeleteRuleCommand({ Name: Rule }));
  for (const qualifier of [undefined, context.names.aliasName])
    await removePermissions(context, Rule, qualifier);
};

const removePermissions = async (
  { aws, names, environment: { region, accountId } }: Context,
  rule: string,
  Qualifier: string | undefined,
): Promise<void> => {
  const FunctionName = names.functionName;
  const found = await ifFound(() => aws.lambda.send(new GetPolicyCommand({ FunctionName, Qualifier })));
  const arn = `arn:aws:events:${region}:${accountId}:rule/${rule}`;
  for (const StatementId of statementsFor(found?.Policy ?? "{}", arn))
    await aws.lambda.send(new RemovePermissionCommand({ FunctionName, Qualifier, StatementId }));
};

const statementsFor = (policy: string, arn: string): readonly string[] => {
  const document: unknown = JSON.parse(policy);
  const statements = isObject(document) ? document["Statement"] : undefined;
  return (Array.isArray(statements) ? (statements as unknown[]) : [])
    .filter(isObject)
    .filter(({ Condition }) => JSON.stringify(Condition ?? {}).includes(JSON.stringify(arn)))
    .map(({ Sid }) => String(Sid));
};
