import type { Answer, IgnoredAnswer, IgnoredReason } from "./answer.ts";
import type { Configuration } from "./configuration.ts";
import { clusterOfService, type EcsEvent } from "./ecs-event.ts";
import type { TenantLookup } from "./tenant-lookup.ts";
import type { TenantStore } from "./tenant-store.ts";
import { readTenantTags, type TenantTags } from "./tenant-tags.ts";
import type { EventRule, TransitionTable } from "./transition-table.ts";

export interface EventProcessorDependencies {
  readonly configuration: Pick<Configuration, "environment" | "clusterArn">;
  readonly table: TransitionTable;
  readonly lookUpTenant: TenantLookup;
  readonly store: TenantStore;
}

/**
 * Brings a valid ECS event to its tenant's row.
 * @throws {TagLookupError} when ECS cannot be asked for the service's tags.
 * @throws {TenantStoreError} when DynamoDB cannot be read or written.
 * @throws {MalformedRowError} when the tenant's row cannot be read.
 */
export type EventProcessor = (event: EcsEvent, signal: AbortSignal) => Promise<Answer>;

export const createEventProcessor =
  ({ configuration, table, lookUpTenant, store }: EventProcessorDependencies): EventProcessor =>
  async (event, signal) => {
    const otherCluster = event.clusterArns.find((arn) => arn !== configuration.clusterArn);
    if (otherCluster !== undefined) {
      return ignored("other_cluster", event.eventName, `Event of another cluster: ${otherCluster}`);
    }

    const rule = table.canonicalEvent(event.eventName, event.reason);
    if (rule === undefined) {
      return ignored("unmapped_event", event.eventName, `No transition for ${event.eventName}`);
    }
    const { name } = rule;

    const tags = await findTags(event, rule, lookUpTenant);
    if (tags === undefined) {
      return ignored("service_not_found", name, `ECS does not know the service ${event.serviceArn ?? ""}`);
    }
    const { tenantId, environment } = tags;
    if (tenantId === undefined) {
      return ignored(
        "no_tenant_tag",
        name,
        `No bbws:tenant-id tag found on ${event.serviceArn ?? "the event"}`,
      );
    }
    if (environment !== configuration.environment) {
      return ignored(
        "environment_mismatch",
        name,
        `Environment mismatch: bbws:environment is ${environment ?? "not set"}, expected ${configuration.environment}`,
        tenantId,
      );
    }

    const { id, at, deploymentId, serviceArn } = event;
    const recorded = await store.record(
      tenantId,
      {
        rule,
        occurrence: { name, at, id, ...(deploymentId === undefined ? {} : { deploymentId }) },
        ...(serviceArn === undefined ? {} : { serviceArn }),
      },
      signal,
    );

    switch (recorded.kind) {
      case "unknown_tenant":
        return ignored("unknown_tenant", name, `No row for tenant ${tenantId}`, tenantId);
      case "duplicate":
        return ignored("duplicate", name, `Event ${id} is recorded already`, tenantId);
      case "recorded":
        return {
          status: "success",
          tenantId,
          event: name,
          tenantStatus: recorded.status,
          ...(recorded.previousStatus === undefined ? {} : { previousStatus: recorded.previousStatus }),
          changed: recorded.status !== recorded.previousStatus,
        };
    }
  };

/** The tags that came with the event, else those of the service; undefined when ECS does not know the service. */
const findTags = async (
  { tags, serviceArn }: EcsEvent,
  { startsDeployment = false }: EventRule,
  lookUpTenant: TenantLookup,
): Promise<TenantTags | undefined> => {
  if (tags !== undefined) return readTenantTags(tags);
  // A service whose ARN has the old short form cannot be tagged, nor asked for tags ("Long arn format must be used").
  if (serviceArn === undefined || clusterOfService(serviceArn) === undefined) return {};
  return lookUpTenant(serviceArn, startsDeployment);
};

const ignored = (
  reason: IgnoredReason,
  event: string,
  message: string,
  tenantId?: string,
): IgnoredAnswer => ({
  status: "ignored",
  reason,
  event,
  ...(tenantId === undefined ? {} : { tenantId }),
  message,
});
