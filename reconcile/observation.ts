import type { EcsVerdict } from "./ecs-verdict.ts";

/** What was seen of a tenant's service, and when. */
export interface Observation {
  readonly tenantId: string;
  readonly serviceArn: string;
  readonly verdict: EcsVerdict;
  /** A moment certainly before ECS was asked: UTC, whole seconds. Any event of the same time or later knows better. */
  readonly at: string;
}
