import { deadLetterQueuePolicy } from "../../stacks/dead-letter-queue-policy.ts";
import type { Context } from "../context.ts";
import type { Adoption } from "../takeover/adoption.ts";
import { listOldRoleArns } from "../takeover/old-version.ts";
import type { TakeoverFiles } from "../terraform/terraform-stack.ts";
import { planTakeover, type TakeoverPlan } from "./takeover-plan.ts";

/** What Terraform does of an adoption. */
export const planAdoption = (context: Context, adoption: Adoption): TakeoverPlan =>
  planTakeover(context, context.environment.environment, () => takeoverFiles(context, adoption));

const QUEUE_POLICY = "aws_sqs_queue_policy.dead-letter-queue-policy";

/** As long as the old version may receive events, it has to be able to park them. */
const takeoverFiles = async (context: Context, adoption: Adoption): Promise<TakeoverFiles> => {
  const existing = await adoption.existing();
  const oldRules = await adoption.oldRules();
  // Old versions keep their roles for good: without a stack and rules none of them is anybody's any more.
  const isOver = existing.length === 0 && oldRules.length === 0 && (await adoption.stack()) === undefined;
  return {
    imports: existing.map(({ resource: { address }, id }) => ({ to: address, id })),
    overrides: isOver ? {} : { [QUEUE_POLICY]: { policy: await widerPolicy(context, oldRules) } },
  };
};

const widerPolicy = async (context: Context, oldRules: readonly string[]): Promise<string> => {
  const { region, accountId } = context.environment;
  const policy = deadLetterQueuePolicy(context.environment, {
    ruleArns: oldRules.map((rule) => `arn:aws:events:${region}:${accountId}:rule/${rule}`),
    roleArns: await listOldRoleArns(context),
  });
  return JSON.stringify(policy);
};
