import type { Service } from "@aws-sdk/client-ecs";
import { readTenantTags } from "../handler/tenant-tags.ts";

/** Whose a service is; the handler ignores the events of one that is nobody's. */
export type ServiceTenant =
  { readonly kind: "tenant"; readonly tenantId: string } | { readonly kind: "nobody"; readonly why: string };

export const tenantOf = ({ tags = [] }: Pick<Service, "tags">, environment: string): ServiceTenant => {
  const { tenantId, environment: taggedWith } = readTenantTags(tags);
  if (tenantId === undefined) return { kind: "nobody", why: "no bbws:tenant-id tag" };
  return taggedWith === environment
    ? { kind: "tenant", tenantId }
    : {
        kind: "nobody",
        why: `tenant ${tenantId}: bbws:environment is ${taggedWith ?? "not set"}, expected ${environment}`,
      };
};
