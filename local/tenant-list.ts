import stringWidth from "string-width";
import { fitLines } from "../checklist/fit-lines.ts";
import { formatTable, GAP } from "../checklist/table.ts";
import { textAt } from "./json-value.ts";
import { printable } from "./printable.ts";
import type { Style } from "./style.ts";
import type { TenantItem } from "./tenant-table.ts";

/** The tenants as a table: id, status, since when, and the event that was last; where there is no room for one, as lines. */
export const renderTenants = (
  rows: readonly TenantItem[],
  style: Style,
  columns: number | undefined,
): string => {
  const told = rows.map((row) => tell(row, style));
  return columns === undefined || widthOfTable(told) <= columns
    ? formatTable(
        HEAD.map((title) => ({ styled: style.faint(title) })),
        told.map(({ id, status, since, lastEvent }) =>
          [id, status, since, lastEvent.join(" ")].map((styled) => ({ styled })),
        ),
        { columns, yielding: [3, 2, 0] },
      )
    : told
        .flatMap(({ id, status, since, lastEvent }) => [
          `${id}  ${status}${since === NOTHING ? "" : ` since ${since}`}`,
          ...(lastEvent[0] === NOTHING ? [] : [`  ${lastEvent.join(" ")}`]),
        ])
        .map((line) => fitLines(line, columns))
        .join("\n");
};

const HEAD = ["TENANT", "STATUS", "SINCE", "LAST EVENT"] as const;

/** What there is to say of a tenant, coloured. */
interface ToldTenant {
  readonly id: string;
  readonly status: string;
  readonly since: string;
  /** Its name, and when it was. */
  readonly lastEvent: readonly string[];
}

const tell = (row: TenantItem, style: Style): ToldTenant => {
  const status = textAt(row, "status");
  const lastEvent = row["last_event"];
  return {
    id: style.strong(cell(row, "tenant_id")),
    status: status === undefined ? NOTHING : style.status(cell(row, "status")),
    since: printable(sinceOf(row, status ?? "") ?? NOTHING, 60),
    lastEvent:
      lastEvent === undefined ? [NOTHING] : [cell(lastEvent, "name"), style.faint(cell(lastEvent, "at"))],
  };
};

/** At the least: an event's name and its time may be on two lines. */
const widthOfTable = (told: readonly ToldTenant[]): number => {
  const columns = [
    told.map(({ id }) => id),
    told.map(({ status }) => status),
    told.map(({ since }) => since),
    told.flatMap(({ lastEvent }) => lastEvent),
  ];
  const widths = columns.map((texts, index) =>
    [HEAD[index] ?? "", ...texts].reduce((widest, text) => Math.max(widest, stringWidth(text)), 0),
  );
  return widths.reduce((sum, width) => sum + width, GAP * (HEAD.length - 1));
};

const NOTHING = "-";

/** When the status changed to what it is; of a row of an earlier version, when ECS last confirmed it. */
export const sinceOf = (row: TenantItem, status: string): string | undefined =>
  textAt(row["status_since"], status) ?? textAt(row, "status_at");

const cell = (object: unknown, key: string): string => printable(textAt(object, key) ?? NOTHING, 60);
