import { clusterOfService, type EcsEvent } from "./ecs-event.ts";
import type { EventNotes } from "./event-notes.ts";
import type { TenantLookup } from "./tenant-lookup.ts";
import { readTenantTags, type TenantTags } from "./tenant-tags.ts";
import type { EventRule } from "./transition-data.ts";

/**
 * Whose an event is: what its service's tags say. Tags that come with an event are believed where it names no service, or
 * where it says that a service was deleted which ECS no longer knows: so the reconciler tells of it, whose tags went with it.
 * Otherwise who can make an event up could write any tenant's status.
 *
 * Undefined when ECS does not know the service, and the event does not say that it was deleted and whose it was.
 */
export const identifyTenant = async (
  { tags, serviceArn }: EcsEvent,
  { startsDeployment, overridesProtected }: EventRule,
  lookUpTenant: TenantLookup,
  notes: Pick<EventNotes, "add">,
): Promise<TenantTags | undefined> => {
  const inline = tags === undefined ? undefined : readTenantTags(tags);
  if (serviceArn === undefined) return inline ?? {};
  // A service whose ARN has the old short form cannot be tagged, nor asked for tags ("Long arn format must be used").
  if (clusterOfService(serviceArn) === undefined) return inline ?? {};
  const ofService = await lookUpTenant(serviceArn, startsDeployment === true);

  if (inline === undefined) return ofService;
  // ECS does not know a deleted service, or describes it for another hour, without tags.
  if (ofService?.tenantId === undefined && overridesProtected === true) return inline;
  if (ofService === undefined) return undefined;
  if (inline.tenantId !== ofService.tenantId || inline.environment !== ofService.environment)
    notes.add("TagContradictions", `the event says ${describe(inline)}, the service ${describe(ofService)}`);
  return ofService;
};

const describe = ({ tenantId = "none", environment = "none" }: TenantTags): string =>
  `tenant ${tenantId} of ${environment}`;
