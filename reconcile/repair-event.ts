import type { EventRule } from "../handler/transition-data.ts";
import type { Observation } from "./observation.ts";

/** Where a repair goes, and who sends it. */
export interface RepairOrigin {
  readonly environment: string;
  readonly accountId: string;
  readonly region: string;
  readonly clusterArn: string;
  /** For people who read the handler's log: `ops reconcile`, say. */
  readonly seenBy: string;
  /** For the row and the log: `reconciler`, or `operator jo`. */
  readonly source: string;
}

/**
 * The event that ECS would have sent, under its canonical name and with the tenant's tags inline, so that the handler
 * need not look them up: those of a deleted service are gone.
 * @param id a fresh one: EventBridge's are UUIDs.
 */
export const repairEvent = (
  { tenantId, serviceArn, at, verdict }: Observation,
  rule: EventRule,
  id: string,
  { environment, accountId, region, clusterArn, seenBy, source }: RepairOrigin,
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
    source,
    reason: `Seen by ${seenBy}: ${verdict.says}`,
    deploymentId: rule.startsDeployment === true ? verdict.deploymentId : undefined,
    tags: [
      { key: "bbws:tenant-id", value: tenantId },
      { key: "bbws:environment", value: environment },
    ],
  },
});
