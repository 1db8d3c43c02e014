import Table from "cli-table3";
import { visibleText } from "./visible.ts";

/** Plain text is made safe to print; what is `styled` already is, and carries the colours that it should have. */
export type Cell = string | number | { readonly styled: string };

export interface TableOptions {
  /** All columns but the first are figures: aligned to the right. */
  readonly figures?: true;
}

/** The repository's one table for people: a head, a row for each thing, columns separated by blanks, no frame. */
export const formatTable = (
  head: readonly Cell[],
  rows: readonly (readonly Cell[])[],
  { figures }: TableOptions = {},
): string => {
  const table = new Table({
    head: head.map(textOf),
    colAligns: head.map((_, column) => (figures === true && column > 0 ? "right" : "left")),
    chars: FRAMELESS,
    // No colours of the table's own: it may go to a file.
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2, compact: true },
  });
  for (const row of rows) table.push(row.map(textOf));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
};

/** For cli-table3: none of its lines. */
const FRAMELESS = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"]
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat("middle")
    .map((part) => [part, ""]),
);

/** A cell may hold text from a queue or a tenant's row. */
const textOf = (cell: Cell): string => (typeof cell === "object" ? cell.styled : visibleText(String(cell)));
