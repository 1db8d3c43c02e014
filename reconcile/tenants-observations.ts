import type { Observation } from "./observation.ts";

/** What is known of a tenant's services. */
export type TenantsServices =
  | { readonly kind: "observed"; readonly observation: Observation }
  /** There is no saying which of them is right. */
  | { readonly kind: "contested"; readonly serviceArns: readonly string[] };

/**
 * Which service counts for each tenant: while an old one drains, the new one does.
 * @param deletedStatus the status of a tenant whose service is gone
 */
export const chooseServices = (
  observations: readonly Observation[],
  deletedStatus: string,
): Map<string, TenantsServices> => {
  const byTenant = new Map<string, Map<string, Observation>>();
  for (const observation of observations) {
    const { tenantId, serviceArn } = observation;
    // By the service's ARN: a service that is listed twice, on two pages, is no rival of its own.
    const services = byTenant.get(tenantId) ?? new Map<string, Observation>();
    services.set(serviceArn, observation);
    byTenant.set(tenantId, services);
  }
  const isGone = ({ verdict }: Observation): boolean => verdict.rule.status === deletedStatus;
  return new Map(
    [...byTenant].flatMap(([tenantId, services]): [string, TenantsServices][] => {
      const all = [...services.values()];
      const present = all.filter((observation) => !isGone(observation));
      const [observation] = present.length > 0 ? present : all;
      if (observation === undefined) return [];
      return present.length > 1
        ? [[tenantId, { kind: "contested", serviceArns: present.map(({ serviceArn }) => serviceArn) }]]
        : [[tenantId, { kind: "observed", observation }]];
    }),
  );
};
