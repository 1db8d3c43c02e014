import { GetFunctionCommand, paginateListVersionsByFunction } from "@aws-sdk/client-lambda";
import { listRulesOfTarget } from "../aws/eventbridge/rules.ts";
import type { Context } from "../context.ts";
import { ifFound } from "./resource-type.ts";

/** Rules, not ours, that hand events to the function: to its alias, or past the releases to itself. */
export const listOldRules = async (context: Context): Promise<readonly string[]> => {
  const { ruleNames, aliasArn, functionArn } = context.names;
  const ours: readonly string[] = [ruleNames.serviceAction, ruleNames.deploymentStateChange];
  const found = new Set<string>();
  for (const target of [aliasArn, functionArn, `${functionArn}:$LATEST`])
    for (const rule of await listRulesOfTarget(context, target)) found.add(rule);
  return [...found].filter((rule) => !ours.includes(rule)).sort();
};

/** The roles, not ours, in which published versions run: each may have to park an event. */
export const listOldRoleArns = async ({ aws, names, signal }: Context): Promise<readonly string[]> => {
  const roles = new Set<string>();
  await ifFound(async () => {
    for await (const { Versions = [] } of paginateListVersionsByFunction(
      { client: aws.lambda },
      { FunctionName: names.functionName },
      { abortSignal: signal },
    ))
      for (const { Role = names.roleArn } of Versions) roles.add(Role);
  });
  return [...roles].filter((role) => role !== names.roleArn).sort();
};

/** The CloudFormation stack that the function says it is of; undefined when it says nothing, or is not there. */
export const readOwnerStackName = async ({ aws, names, signal }: Context): Promise<string | undefined> => {
  const found = await ifFound(() =>
    aws.lambda.send(new GetFunctionCommand({ FunctionName: names.functionName }), { abortSignal: signal }),
  );
  return found?.Tags?.["aws:cloudformation:stack-name"];
};
