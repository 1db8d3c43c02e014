import { transitionTable } from "../handler/transition-table.ts";
import type { PageData, StatusLook } from "./page-data.ts";

/** The looks of all statuses: those of the transition table first, then what others have set, by name. */
export const statusLooks = ({ tenants }: Pick<PageData, "tenants">): readonly StatusLook[] => {
  const seen = new Set(
    tenants.flatMap(({ status, before, events }) => [
      status,
      ...(before === undefined ? [] : [before]),
      ...events.flatMap((event) => (event.status === undefined ? [] : [event.status])),
    ]),
  );
  const known = [...transitionTable.statuses.keys()];
  const others = [...seen].filter((name) => !transitionTable.statuses.has(name)).sort();
  return [...known, ...others].map((name, index) => ({
    name,
    color: transitionTable.statuses.get(name)?.color ?? "magenta",
    pattern: PATTERNS[index % PATTERNS.length] ?? "solid",
  }));
};

/** In the order of the table's statuses: what is on its way has lines, what is well is plain, and what is down is crossed out. */
const PATTERNS = ["rising", "columns", "falling", "solid", "cross", "dots", "rows", "checks"] as const;
