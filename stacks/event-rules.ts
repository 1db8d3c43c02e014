import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import { LambdaPermission } from "@cdktf/provider-aws/lib/lambda-permission/index.js";
import type { TerraformStack } from "cdktf";
import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import type { DeadLetterQueue } from "./dead-letter-queue.ts";
import { type EventPattern, eventPatterns } from "./event-patterns.ts";
import type { HandlerFunction } from "./handler-function.ts";

/** How long EventBridge goes on trying to hand an event to Lambda before it parks it. */
const MAX_EVENT_AGE_SECONDS = 60 * 60;
/** The most that EventBridge offers: the age is the limit that counts. */
const MAX_RETRIES = 185;

export interface EventRulesProps {
  readonly environment: Environment;
  readonly handler: Pick<HandlerFunction, "alias" | "invokeConfig">;
  readonly deadLetterQueue: DeadLetterQueue;
}

/** The two rules that hand the cluster's events to the alias. */
export const addEventRules = (
  stack: TerraformStack,
  { environment, handler: { alias, invokeConfig }, deadLetterQueue }: EventRulesProps,
): void => {
  const { cluster } = environment;
  const { ruleNames } = resourceNames(environment);
  const patterns = eventPatterns(environment);

  const addRule = (id: string, name: string, description: string, pattern: EventPattern): void => {
    const rule = new CloudwatchEventRule(stack, `${id}-rule`, {
      name,
      description,
      eventPattern: JSON.stringify(pattern),
      // Said, so that a rule that somebody has disabled is a difference that a plan shows and an apply ends.
      state: "ENABLED",
    });
    const permission = new LambdaPermission(stack, `${id}-permission`, {
      statementId: `${id}-rule`,
      action: "lambda:InvokeFunction",
      functionName: alias.functionName,
      // Without it the permission would be for the function itself, and the alias could not be invoked.
      qualifier: alias.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    });
    new CloudwatchEventTarget(stack, `${id}-target`, {
      rule: rule.name,
      targetId: "event-handler",
      arn: alias.arn,
      retryPolicy: {
        maximumEventAgeInSeconds: MAX_EVENT_AGE_SECONDS,
        maximumRetryAttempts: MAX_RETRIES,
      },
      deadLetterConfig: { arn: deadLetterQueue.queue.arn },
      // From here on events flow. Until all of this is there, they would be lost; a destruction takes the target away first.
      dependsOn: [permission, deadLetterQueue.policy, invokeConfig],
    });
  };

  addRule(
    "service-action",
    ruleNames.serviceAction,
    `ECS Service Action events of ${cluster} that change a tenant's status`,
    patterns.serviceAction,
  );
  addRule(
    "deployment-state-change",
    ruleNames.deploymentStateChange,
    `ECS Deployment State Change events of ${cluster} that change a tenant's status`,
    patterns.deploymentStateChange,
  );
};
