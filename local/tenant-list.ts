import Table from "cli-table3";
import { FRAMELESS } from "../build/plain-table.ts";
import { textAt } from "./json-value.ts";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";
import type { TenantRow } from "./tenant-table.ts";

/** The tenants as a table: id, status, since when, and the event that was last. */
export const renderTenants = (rows: readonly TenantRow[], style: Style): string => {
  const table = new Table({
    head: ["TENANT", "STATUS", "SINCE", "LAST EVENT"].map((title) => style.faint(title)),
    chars: { ...FRAMELESS, middle: "  " },
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
  });
  for (const row of rows) {
    const status = textAt(row, "status");
    const lastEvent = row["last_event"];
    table.push([
      style.strong(cell(row, "tenant_id")),
      status === undefined ? NOTHING : style.status(cell(row, "status")),
      cell(row, "status_at"),
      lastEvent === undefined ? NOTHING : `${cell(lastEvent, "name")} ${style.faint(cell(lastEvent, "at"))}`,
    ]);
  }
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
};

const NOTHING = "-";

const cell = (object: unknown, key: string): string => printable(textAt(object, key) ?? NOTHING, 60);
