import { formatTable } from "../checklist/table.ts";
import { textAt } from "./json-value.ts";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";
import type { TenantItem } from "./tenant-table.ts";

/** The tenants as a table: id, status, since when, and the event that was last. */
export const renderTenants = (
  rows: readonly TenantItem[],
  style: Style,
  columns: number | undefined,
): string =>
  formatTable(
    ["TENANT", "STATUS", "SINCE", "LAST EVENT"].map((title) => ({ styled: style.faint(title) })),
    rows.map((row) => {
      const status = textAt(row, "status");
      const lastEvent = row["last_event"];
      return [
        { styled: style.strong(cell(row, "tenant_id")) },
        status === undefined ? NOTHING : { styled: style.status(cell(row, "status")) },
        printable(sinceOf(row, status ?? "") ?? NOTHING, 60),
        lastEvent === undefined
          ? NOTHING
          : { styled: `${cell(lastEvent, "name")} ${style.faint(cell(lastEvent, "at"))}` },
      ];
    }),
    { columns, yielding: [3, 2, 0] },
  );

const NOTHING = "-";

/** When the status changed to what it is; of a row of an earlier version, when ECS last confirmed it. */
export const sinceOf = (row: TenantItem, status: string): string | undefined =>
  textAt(row["status_since"], status) ?? textAt(row, "status_at");

const cell = (object: unknown, key: string): string => printable(textAt(object, key) ?? NOTHING, 60);
