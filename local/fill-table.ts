import type { DumpedRow } from "./input/table-dump.ts";
import { textAt } from "./json-value.ts";
import type { LocalTables } from "./local-tables.ts";
import type { PlaybackReporter } from "./playback-reporter.ts";
import type { Tenant } from "./tenants.ts";

export interface FillTableOptions {
  readonly tables: Pick<LocalTables, "table" | "directory">;
  readonly rows: AsyncIterable<DumpedRow> | undefined;
  readonly tenants: readonly Tenant[] | undefined;
  readonly reporter: Pick<PlaybackReporter, "showRow">;
}

/** Puts into the table what it has before the first event, and shows it. @throws what reading the rows throws. */
export const fillTable = async ({
  tables: { table, directory },
  rows,
  tenants = [],
  reporter,
}: FillTableOptions): Promise<void> => {
  const put = (row: Tenant | DumpedRow): void => {
    table.put(row);
    const item = reporter.showRow && table.get(row.tenant_id);
    if (item !== undefined) reporter.showRow?.(item);
  };
  for await (const row of rows ?? []) {
    directory.add({ tenant_id: row.tenant_id }, textAt(row, "service_arn"));
    put(row);
  }
  for (const tenant of tenants) if (directory.add(tenant)) put(tenant);
};
