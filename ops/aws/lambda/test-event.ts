import { randomUUID } from "node:crypto";
import type { Environment } from "../../../envs/environment.ts";
import { resourceNames } from "../../../envs/resource-names.ts";
import { transitionTable } from "../../../handler/transition-table.ts";
import { eventSeenAs } from "../../../reconcile/seen-event.ts";

/** No tenant of anyone's is called so. */
export const TEST_TENANT_PREFIX = "test-tenant-";

/**
 * An event that goes through all of the handler, down to the table, and changes nothing there: its tenant carries a new
 * UUID, so that no row is ever its, and the handler never creates rows. The answer is `ignored`, `unknown_tenant`.
 */
export const createTestEvent = (environment: Environment, now: Date): object => ({
  version: "0",
  id: randomUUID(),
  "detail-type": "ECS Service Action",
  source: "aws.ecs",
  account: environment.accountId,
  time: now.toISOString().replace(/\.\d+Z$/, "Z"),
  region: environment.region,
  resources: [],
  detail: {
    eventType: "INFO",
    eventName: eventSeenAs("steady", transitionTable).name,
    clusterArn: resourceNames(environment).clusterArn,
    tags: [
      { key: "bbws:tenant-id", value: `${TEST_TENANT_PREFIX}${randomUUID()}` },
      { key: "bbws:environment", value: environment.environment },
    ],
  },
});
