import Table from "cli-table3";
import stringWidth from "string-width";
import { fitLines } from "./fit-lines.ts";
import { visibleText } from "./visible.ts";

/** Plain text is made safe to print; what is `styled` already is, and carries the colours that it should have. */
export type Cell = string | number | { readonly styled: string };

export interface TableOptions {
  /** All columns but the first are figures: aligned to the right. */
  readonly figures?: true;
  /** How wide it may be; undefined where lines may be of any length. */
  readonly columns?: number | undefined;
  /** Which columns give way where it is too wide, the least important first; the others only after them. */
  readonly yielding?: readonly number[] | undefined;
  /** Which columns are shown whole or not at all: a part of a curve would be another curve. */
  readonly whole?: readonly number[] | undefined;
  /** Which columns show a value that is that of the row above, too, by a mark: only where people read it, in a terminal. */
  readonly folding?: readonly number[] | undefined;
}

/**
 * The repository's one table for people: a head, a row for each thing, columns separated by blanks, no frame. Where it is too wide, cells
 * become several lines, broken between words. Where that is not enough, the least important column has its words cut, which … shows, or is
 * left out, which the last line says; then the next: no word is cut while there is a less important column.
 */
export const formatTable = (
  head: readonly Cell[],
  rows: readonly (readonly Cell[])[],
  { figures, columns, yielding = [], whole = [], folding = [] }: TableOptions = {},
): string => {
  const texts = [head, ...(columns === undefined ? rows : fold(rows, folding))].map((row) => row.map(textOf));
  const widths = columns === undefined ? naturalWidths(texts) : fit(texts, columns, yielding, whole);
  const shown = widths.flatMap((width, column) => (width === undefined ? [] : [{ width, column }]));
  const lines = inSlices(texts).flatMap((slice) => {
    const table = new Table({
      colAligns: shown.map(({ column }) => (figures === true && column > 0 ? "right" : "left")),
      // The gap to the next column counts as the column's.
      colWidths: shown.map(({ width }) => width + GAP),
      wordWrap: columns !== undefined,
      chars: FRAMELESS,
      // No colours of the table's own: it may go to a file.
      style: { border: [], "padding-left": 0, "padding-right": GAP, compact: true },
    });
    table.push(...slice.map((row) => shown.map(({ column, width }) => cut(row[column] ?? "", width))));
    return table.toString().split("\n");
  });
  const leftOut = (texts[0] ?? []).filter((_, column) => widths[column] === undefined);
  return [
    ...lines.map((line) => line.trimEnd()),
    ...(leftOut.length === 0
      ? []
      : [fitLines(`(no room for ${leftOut.join(", ")})`, columns, { hanging: 1 })]),
  ].join("\n");
};

/** Blanks between two columns. */
export const GAP = 2;

/** What is narrower tells nothing any more. */
const NARROWEST = 8;

const SAME = "″";

const fold = (rows: readonly (readonly Cell[])[], folding: readonly number[]): readonly (readonly Cell[])[] =>
  rows.map((row, index) =>
    row.map((cell, column) => {
      const above = rows[index - 1]?.[column];
      const isSame = above !== undefined && textOf(above) === textOf(cell) && textOf(cell) !== "";
      return folding.includes(column) && isSame ? SAME : cell;
    }),
  );

type Texts = readonly (readonly string[])[];

/** The rows, some hundreds at a time, which is also faster: cli-table3 gives a function as many arguments as a table has rows, which has a limit. */
const inSlices = (texts: Texts): readonly Texts[] =>
  Array.from({ length: Math.ceil(texts.length / MOST_ROWS) }, (_, slice) =>
    texts.slice(slice * MOST_ROWS, (slice + 1) * MOST_ROWS),
  );

const MOST_ROWS = 500;

const widest = (texts: Texts, widthOf: (text: string) => number): readonly number[] =>
  (texts[0] ?? []).map((_, column) => largest(texts, (row) => widthOf(row[column] ?? "")));

/** Of however many: Math.max takes no more than a function has room for arguments. */
const largest = <T>(values: readonly T[], sizeOf: (value: T) => number): number =>
  values.reduce((most, value) => Math.max(most, sizeOf(value)), 0);

const naturalWidths = (texts: Texts): readonly number[] => widest(texts, stringWidth);

/** Undefined for a column that is left out. */
type Width = number | undefined;

const fit = (
  texts: Texts,
  columns: number,
  yielding: readonly number[],
  whole: readonly number[],
): readonly Width[] => {
  const natural = naturalWidths(texts);
  const ofWords = widest(texts, (text) => largest(text.split(" "), stringWidth));
  const widths: Width[] = [...natural];
  const excess = (): number =>
    widths.reduce<number>((sum, width) => (width === undefined ? sum : sum + width + GAP), -GAP) - columns;
  const shrink = (order: readonly number[], narrowestOf: (column: number) => number): void => {
    for (const column of order) {
      const width = widths[column];
      if (width === undefined || excess() <= 0 || whole.includes(column)) continue;
      widths[column] = Math.max(Math.min(narrowestOf(column), width), width - excess());
    }
  };
  const others = natural
    .map((_, column) => column)
    .filter((column) => !yielding.includes(column))
    .sort((a, b) => (natural[b] ?? 0) - (natural[a] ?? 0));
  const byWords = (column: number): number =>
    Math.min(natural[column] ?? 0, Math.max(NARROWEST, ofWords[column] ?? 0));
  const byImportance = [...yielding, ...others];
  shrink(byImportance, byWords);
  for (const column of byImportance) {
    shrink([column], () => NARROWEST);
    // One of those that give way stays: a table tells something.
    if (excess() > 0 && [...yielding.slice(0, -1), ...whole].includes(column)) widths[column] = undefined;
  }
  // What has gone may have left room: first for whole words, then for more of them on a line.
  for (const widestOf of [byWords, (column: number) => natural[column] ?? 0])
    for (const column of byImportance.toReversed()) {
      const width = widths[column];
      if (width !== undefined)
        widths[column] = Math.max(width, Math.min(widestOf(column), width + Math.max(0, -excess())));
    }
  return widths;
};

/** Words that are wider than their column lose their middle, as what tells names apart is mostly at an end; times lose their end. */
const cut = (text: string, width: number): string =>
  text
    .split(" ")
    .map((word) =>
      stringWidth(word) <= width || word.includes("\u001b") ? word : withoutMiddle(word, width),
    )
    .join(" ");

const withoutMiddle = (word: string, width: number): string => {
  const characters = Array.from(new Intl.Segmenter().segment(word), ({ segment }) => segment);
  const isTime = /^\d{4}-\d\d-\d\dT/.test(word);
  const place = (): number => (isTime ? characters.length - 1 : Math.floor(characters.length / 2));
  const isTooWide = (): boolean => stringWidth(characters.join("")) + 1 > width;
  while (isTooWide()) characters.splice(place(), 1);
  characters.splice(isTime ? characters.length : Math.ceil(characters.length / 2), 0, "…");
  return characters.join("");
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
