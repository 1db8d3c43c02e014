/** Generated from handler/tenant-row.schema.json by npm run types; do not edit. */

/**
 * The status attribute is checked under its configured name. All others on the row belong to other services.
 */
export interface TenantRowAttributes {
  ecs_status?: string;
  service_arn?: string;
  revision?: number;
  events?: {
    [k: string]: StoredOccurrence & {
      others?: StoredOccurrence[];
    };
  };
}
export interface StoredOccurrence {
  at: string;
  id: string;
  deploymentId?: string;
  source?: string;
}
