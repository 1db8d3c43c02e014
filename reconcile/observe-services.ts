import type { TransitionTable } from "../handler/transition-table.ts";
import type { SeenService } from "./cluster-services.ts";
import { judgeService } from "./ecs-verdict.ts";
import type { Observation } from "./observation.ts";
import { eventSeenAs } from "./seen-event.ts";
import { tenantOf } from "./service-tenant.ts";

/** What the cluster's services say of the tenants. Small for each service, as there may be ten thousand. */
export interface ObservedServices {
  readonly services: number;
  /** By tenant id. */
  readonly observations: ReadonlyMap<string, Observation>;
  /** Tenants that several services claim, by tenant id; there is no saying which of them is right. */
  readonly contested: ReadonlyMap<string, readonly string[]>;
  readonly withoutTenant: readonly ServiceWithoutTenant[];
}

export interface ServiceWithoutTenant {
  readonly serviceArn: string;
  readonly why: string;
}

export const observeServices = async (
  seenServices: AsyncIterable<SeenService>,
  environment: string,
  table: TransitionTable,
  progress: (services: number) => void,
): Promise<ObservedServices> => {
  const observations = new Map<string, Observation>();
  const withoutTenant: ServiceWithoutTenant[] = [];
  const contested = new Map<string, readonly string[]>();
  const deletedStatus = eventSeenAs("deleted", table).status;
  let services = 0;

  for await (const { serviceArn, service, at } of seenServices) {
    progress(++services);
    // Deleted between being listed and being described: its tenant's row names it, and it will be asked about again.
    if (service === undefined) continue;
    const tenant = tenantOf(service, environment);
    if (tenant.kind === "nobody") {
      withoutTenant.push({ serviceArn, why: tenant.why });
      continue;
    }
    const { tenantId } = tenant;
    const observation = { tenantId, serviceArn, verdict: judgeService(service, table), at };
    const isGone = ({ verdict }: Observation): boolean => verdict.rule.status === deletedStatus;
    const other = observations.get(tenantId);
    // While a tenant's old service drains, its new one counts.
    if (other === undefined || isGone(other)) observations.set(tenantId, observation);
    else if (!isGone(observation))
      contested.set(tenantId, [...(contested.get(tenantId) ?? [other.serviceArn]), serviceArn]);
  }
  for (const tenantId of contested.keys()) observations.delete(tenantId);
  return { services, observations, contested, withoutTenant };
};
