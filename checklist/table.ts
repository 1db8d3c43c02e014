import Table from "cli-table3";
import { FRAMELESS } from "../build/plain-table.ts";

/** A table for people: a head, a row for each thing, columns apart by blanks. */
export const formatTable = (head: readonly string[], rows: readonly (readonly string[])[]): string => {
  const table = new Table({
    head: [...head],
    chars: FRAMELESS,
    // Plain text: it may go to a file, and the result stands below a list that has its marks already.
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2, compact: true },
  });
  for (const row of rows) table.push(row.map(printable));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
};

/** What comes out of a queue may hold anything, and should not steer the terminal. */
const printable = (cell: string): string => cell.replaceAll(/\p{Cc}+/gu, " ");
