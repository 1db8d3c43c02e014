import type { Environment } from "../envs/environment.ts";
import type { ResourceNames } from "../envs/resource-names.ts";
import type { EventRule } from "../handler/transition-data.ts";
import type { Observation } from "./observation.ts";

/**
 * The event that ECS would have sent, under its canonical name and with the tenant's tags inline, so that the handler
 * need not look them up: those of a deleted service are gone.
 * @param id a fresh one: EventBridge's are UUIDs.
 */
export const repairEvent = (
  { tenantId, serviceArn, at, verdict }: Observation,
  rule: EventRule,
  id: string,
  { environment, accountId, region }: Environment,
  { clusterArn }: ResourceNames,
): Record<string, unknown> => ({
  version: "0",
  id,
  "detail-type": "ECS Service Action",
  source: "aws.ecs",
  account: accountId,
  time: at,
  region,
  resources: [serviceArn],
  detail: {
    eventType: "INFO",
    eventName: rule.name,
    clusterArn,
    createdAt: at,
    reason: `Seen by ops reconcile: ${verdict.says}`,
    deploymentId: rule.startsDeployment === true ? verdict.deploymentId : undefined,
    tags: [
      { key: "bbws:tenant-id", value: tenantId },
      { key: "bbws:environment", value: environment },
    ],
  },
});
