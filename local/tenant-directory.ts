import type { Tenant } from "./tenants.ts";

/** The tenants that a run knows so far. */
export interface TenantDirectory {
  /** False when its id is known already: then only its service is new. */
  add(tenant: Tenant, serviceArn?: string): boolean;
  ofService(serviceArn: string): Tenant | undefined;
}

export const createTenantDirectory = (): TenantDirectory => {
  const ids = new Set<string>();
  const byService = new Map<string, Tenant>();
  return {
    add: (tenant, serviceArn = tenant.service_arn) => {
      if (serviceArn !== undefined) byService.set(serviceArn, tenant);
      const isNew = !ids.has(tenant.tenant_id);
      ids.add(tenant.tenant_id);
      return isNew;
    },
    ofService: (serviceArn) => byService.get(serviceArn),
  };
};
