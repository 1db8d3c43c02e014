import Table from "cli-table3";
import stringWidth from "string-width";
import { visibleText } from "./visible.ts";

/** Plain text is made safe to print; what is `styled` already is, and carries the colours that it should have. */
export type Cell = string | number | { readonly styled: string };

export interface TableOptions {
  /** All columns but the first are figures: aligned to the right. */
  readonly figures?: true;
  /** How wide it may be; undefined where lines may be of any length. */
  readonly columns?: number | undefined;
  /** Which columns give way first where it is too wide, the least important first; the others only after them. */
  readonly yielding?: readonly number[] | undefined;
}

/** The repository's one table for people: a head, a row for each thing, columns separated by blanks, no frame. */
export const formatTable = (
  head: readonly Cell[],
  rows: readonly (readonly Cell[])[],
  { figures, columns, yielding = [] }: TableOptions = {},
): string => {
  const texts = [head, ...rows].map((row) => row.map(textOf));
  const widths = columns === undefined ? undefined : fit(naturalWidths(texts), columns, yielding);
  const table = new Table({
    head: texts[0] ?? [],
    colAligns: head.map((_, column) => (figures === true && column > 0 ? "right" : "left")),
    // The gap to the next column counts as the column's.
    colWidths: widths?.map((width) => width + GAP) ?? [],
    chars: FRAMELESS,
    // No colours of the table's own: it may go to a file.
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP, compact: true },
  });
  table.push(...texts.slice(1));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
};

const GAP = 2;

/** What is narrower tells nothing any more: lines are then longer than the terminal is wide. */
const NARROWEST = 8;

const naturalWidths = (texts: readonly (readonly string[])[]): readonly number[] =>
  (texts[0] ?? []).map((_, column) => Math.max(...texts.map((row) => stringWidth(row[column] ?? ""))));

/** Takes from the columns that yield, in their order, then from the widest, until all fit. What is cut off ends with …. */
const fit = (natural: readonly number[], columns: number, yielding: readonly number[]): readonly number[] => {
  const widths = [...natural];
  const excess = (): number => widths.reduce((sum, width) => sum + width + GAP, -GAP) - columns;
  const byWidth = natural.map((_, column) => column).sort((a, b) => (natural[b] ?? 0) - (natural[a] ?? 0));
  for (const column of [...yielding, ...byWidth]) {
    const width = widths[column];
    if (width === undefined || excess() <= 0) continue;
    widths[column] = Math.max(Math.min(NARROWEST, width), width - excess());
  }
  return widths;
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
