import type { Environment } from "../envs/environment.ts";
import { resourceNames } from "../envs/resource-names.ts";
import { transitionTable } from "../handler/transition-table.ts";

/**
 * Which events a rule lets through, in the language of EventBridge.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
 */
export interface EventPattern {
  readonly source: readonly string[];
  readonly "detail-type": readonly string[];
  readonly detail: { readonly eventName: readonly string[] };
  readonly $or: readonly [
    { readonly resources: readonly { readonly prefix: string }[] },
    { readonly detail: { readonly clusterArn: readonly string[] } },
  ];
}

/** A pattern for each of the two rules. */
export interface EventPatterns {
  readonly serviceAction: EventPattern;
  readonly deploymentStateChange: EventPattern;
}

/**
 * The patterns of an environment: the events of its cluster that handler/transitions.json maps, so that no other ever
 * costs an invocation. ECS sends some names under both detail-types, so both rules have all names.
 *
 * The cluster is told by the service's ARN; the short ARNs of very old services lack it, and deployment events may lack
 * `clusterArn`, so that either will do.
 */
export const eventPatterns = (environment: Environment): EventPatterns => {
  const { serviceArnPrefix, clusterArn } = resourceNames(environment);
  const pattern = (detailType: string): EventPattern => ({
    source: ["aws.ecs"],
    "detail-type": [detailType],
    detail: { eventName: transitionTable.eventNames },
    $or: [{ resources: [{ prefix: serviceArnPrefix }] }, { detail: { clusterArn: [clusterArn] } }],
  });
  return {
    serviceAction: pattern("ECS Service Action"),
    deploymentStateChange: pattern("ECS Deployment State Change"),
  };
};
