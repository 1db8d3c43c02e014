import { createTenantDirectory, type TenantDirectory } from "./tenant-directory.ts";
import { createTenantTable, type TenantTable } from "./tenant-table.ts";

/** What the function finds in place of its tables, under these names. */
export interface LocalTables {
  readonly tenantsTable: string;
  readonly servicesTable: string;
  readonly table: TenantTable;
  readonly directory: TenantDirectory;
}

export const createLocalTables = (environment: string): LocalTables => {
  const tenantsTable = `bbws-tenants-${environment}`;
  const servicesTable = `bbws-ecs-event-handler-services-${environment}`;
  return {
    tenantsTable,
    servicesTable,
    table: createTenantTable(tenantsTable, servicesTable),
    directory: createTenantDirectory(),
  };
};
