import {
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  type Target,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { GetPolicyCommand, InvokeCommand } from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import type { Aws } from "../../ops/aws/clients.ts";
import { sendToQueue } from "./lambda/async-invocations.ts";
import { type AccessRequest, isAllowed } from "./permissions.ts";
import { untilReached } from "./until-reached.ts";

/** An event as EventBridge delivers it. */
export interface EventBridgeEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": "ECS Service Action" | "ECS Deployment State Change";
  readonly source: "aws.ecs";
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What became of an event. */
export interface Delivery {
  /** The names of the rules that let it through. */
  readonly rules: readonly string[];
  readonly invoked: number;
  readonly parked: number;
}

/**
 * EventBridge's side, from an event of an AWS service to the targets of the deployed rules. Emulators deliver nobody's
 * events but a client's own, and no client may put events of `aws.ecs`; so this does it, asking the emulator for all
 * that was deployed: rules, patterns (by TestEventPattern), targets, permissions, queues.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
 */
export const deliver = async (aws: Aws, event: EventBridgeEvent): Promise<Delivery> => {
  const rules: string[] = [];
  let invoked = 0;
  let parked = 0;
  for (const rule of await untilReached(() => listRules(aws))) {
    if (rule.State !== "ENABLED" || !(await untilReached(() => letsThrough(aws, rule, event)))) continue;
    rules.push(rule.Name ?? "");
    const { Targets = [] } = await untilReached(() =>
      aws.eventBridge.send(new ListTargetsByRuleCommand({ Rule: rule.Name })),
    );
    for (const target of Targets) {
      if (await untilReached(() => handOver(aws, rule, target, event))) invoked++;
      else parked++;
    }
  }
  return { rules, invoked, parked };
};

const listRules = async ({ eventBridge }: Aws): Promise<readonly Rule[]> =>
  (await eventBridge.send(new ListRulesCommand({}))).Rules ?? [];

const letsThrough = async ({ eventBridge }: Aws, rule: Rule, event: EventBridgeEvent): Promise<boolean> => {
  const { Result } = await eventBridge.send(
    new TestEventPatternCommand({ EventPattern: rule.EventPattern ?? "{}", Event: JSON.stringify(event) }),
  );
  return Result === true;
};

/** True when Lambda took the event, false when it was parked. */
const handOver = async (aws: Aws, rule: Rule, target: Target, event: EventBridgeEvent): Promise<boolean> => {
  const obstacle = await findObstacle(aws, rule, target);
  if (obstacle === undefined) {
    const { functionName, qualifier } = parseFunctionArn(target.Arn ?? "");
    await aws.lambda.send(
      new InvokeCommand({
        FunctionName: functionName,
        Qualifier: qualifier,
        InvocationType: "Event",
        Payload: Buffer.from(JSON.stringify(event)),
      }),
    );
    return true;
  }
  const queueArn = target.DeadLetterConfig?.Arn;
  if (queueArn === undefined || !(await mayPark(aws, queueArn, rule)))
    throw new Error(`An event is lost: ${obstacle}, and ${rule.Name ?? ""} may not park it`);
  await sendToQueue(aws, queueArn, JSON.stringify(event), {
    RULE_ARN: rule.Arn ?? "",
    TARGET_ARN: target.Arn ?? "",
    ERROR_CODE: "NO_PERMISSIONS",
    ERROR_MESSAGE: obstacle,
    EXHAUSTED_RETRY_CONDITION: "NoRetry",
    RETRY_ATTEMPTS: "0",
  });
  return false;
};

/** Why Lambda would not take the event from the rule. */
const findObstacle = async ({ lambda }: Aws, rule: Rule, target: Target): Promise<string | undefined> => {
  const { functionName, qualifier } = parseFunctionArn(target.Arn ?? "");
  const obstacle = `${rule.Name ?? ""} is not authorized to perform lambda:InvokeFunction on ${target.Arn ?? ""}`;
  try {
    const { Policy = "" } = await lambda.send(
      new GetPolicyCommand({ FunctionName: functionName, Qualifier: qualifier }),
    );
    const mayInvoke = isAllowed(Policy, requestOf(rule, "lambda:InvokeFunction", target.Arn ?? ""));
    return mayInvoke ? undefined : obstacle;
  } catch (error) {
    // Without any permission there is no policy.
    if (error instanceof Error && error.name === "ResourceNotFoundException") return obstacle;
    throw error;
  }
};

/** Whether the queue's policy lets EventBridge send there for this rule. */
const mayPark = async ({ sqs }: Aws, queueArn: string, rule: Rule): Promise<boolean> => {
  const { QueueUrl } = await sqs.send(
    new GetQueueUrlCommand({ QueueName: queueArn.slice(queueArn.lastIndexOf(":") + 1) }),
  );
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["Policy"] }),
  );
  return isAllowed(Attributes?.Policy ?? "", requestOf(rule, "sqs:SendMessage", queueArn));
};

const requestOf = ({ Arn: ruleArn = "" }: Rule, action: string, resource: string): AccessRequest => {
  const [, , , , account = ""] = ruleArn.split(":");
  return {
    service: "events.amazonaws.com",
    action,
    resource,
    context: { "aws:SourceArn": ruleArn, "aws:SourceAccount": account },
  };
};

const parseFunctionArn = (arn: string): { functionName: string; qualifier: string | undefined } => {
  const [, , , , , , functionName = "", qualifier] = arn.split(":");
  return { functionName, qualifier };
};
