/** Generated from local/tenants.schema.json by npm run types; do not edit. */

export type TenantsFile = {
  tenant_id: string;
  service_arn?: string;
  environment?: string;
  status?: string;
}[];
