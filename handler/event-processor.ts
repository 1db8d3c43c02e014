import type { Answer, IgnoredAnswer, IgnoredReason } from "./answer.ts";
import type { Configuration } from "./configuration.ts";
import type { EcsEvent } from "./ecs-event.ts";
import type { EventNotes } from "./event-notes.ts";
import { identifyTenant } from "./identify-tenant.ts";
import type { TenantLookup } from "./tenant-lookup.ts";
import type { TenantStore } from "./tenant-store.ts";
import type { TransitionTable } from "./transition-table.ts";

export interface EventProcessorContext {
  readonly configuration: Pick<Configuration, "environment" | "clusterArn">;
  readonly table: TransitionTable;
  readonly lookUpTenant: TenantLookup;
  readonly store: TenantStore;
  readonly notes: Pick<EventNotes, "add">;
}

/**
 * Brings a valid ECS event to its tenant's row.
 * @throws {TagLookupError} when ECS cannot be asked for the service's tags.
 * @throws {TenantStoreError} when DynamoDB cannot be read or written.
 * @throws {MalformedRowError} when the tenant's row cannot be read.
 */
export type EventProcessor = (event: EcsEvent, signal: AbortSignal) => Promise<Answer>;

export const createEventProcessor =
  ({ configuration, table, lookUpTenant, store, notes }: EventProcessorContext): EventProcessor =>
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

    const tags = await identifyTenant(event, rule, lookUpTenant, notes);
    if (tags === undefined) {
      return ignored("service_not_found", name, `ECS does not know the service ${String(event.serviceArn)}`);
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

    const { id, at, deploymentId, source, serviceArn } = event;
    const recorded = await store.record(
      tenantId,
      { rule, occurrence: { name, at, id, deploymentId, source }, serviceArn },
      signal,
    );

    if (recorded.kind === "unknown_tenant")
      return ignored("unknown_tenant", name, `No row for tenant ${tenantId}`, tenantId);
    if (serviceArn !== undefined && recorded.serviceArn !== undefined && recorded.serviceArn !== serviceArn)
      notes.add("ServiceConflicts", `the row of ${tenantId} names the service ${recorded.serviceArn}`);

    switch (recorded.kind) {
      case "duplicate":
        return ignored(
          "duplicate",
          name,
          `Event ${id}, or a newer one of its kind, is recorded already`,
          tenantId,
        );
      case "recorded": {
        const { event: meaning, status: tenantStatus, previousStatus, changed } = recorded;
        const answer = { status: "success", tenantId, event: meaning, tenantStatus, changed } as const;
        return previousStatus === undefined ? answer : { ...answer, previousStatus };
      }
    }
  };

const ignored = (reason: IgnoredReason, event: string, message: string, tenantId?: string): IgnoredAnswer => {
  const answer = { status: "ignored", reason, event, message } as const;
  return tenantId === undefined ? answer : { ...answer, tenantId };
};
