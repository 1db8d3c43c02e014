import { pipeline, Readable } from "node:stream";
import { type Info, parse } from "csv-parse";
import { MAX_HELD_CHARACTERS } from "./lines.ts";

/** A row of CSV by the names of its columns, without those that are empty; or what is wrong with the text from there on. */
export type CsvRow =
  | { readonly kind: "row"; readonly line: number; readonly row: Readonly<Record<string, string>> }
  | { readonly kind: "malformed"; readonly line: number; readonly problem: string };

/** Whether this is the first line of an export of logs: columns for what was logged, or for what tells an event. */
export const isLogHeader = (line: string): boolean => {
  const columns = new Set(line.split(",").map((column) => column.trim().replace(/^"(.*)"$/, "$1")));
  const hasAll = (...names: readonly string[]): boolean => names.every((name) => columns.has(name));
  return hasAll("@message") || hasAll("timestamp", "message") || hasAll("eventId", "eventTime");
};

/** Reads CSV piece by piece: a cell, which may be of many lines, is all that is held. */
export async function* csvRows(chunks: AsyncIterable<string>): AsyncGenerator<CsvRow> {
  let problem: string | undefined;
  const parser = parse({
    columns: true,
    info: true,
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MAX_HELD_CHARACTERS,
    // Else the rows before it, which it has read already, would be lost.
    skip_records_with_error: true,
    on_skip: (error) => {
      problem ??= error?.message;
    },
  });
  let lines = 1;
  // Whatever goes wrong with one of them ends the other, whose reader is told.
  const records: AsyncIterable<ReadRecord> = pipeline(Readable.from(chunks), parser, () => undefined);
  for await (const { record, info } of records) {
    const row = Object.fromEntries(Object.entries(record).filter(([, cell]) => cell !== ""));
    yield { kind: "row", line: lines + 1, row };
    ({ lines } = info);
  }
  if (problem !== undefined) yield { kind: "malformed", line: lines + 1, problem: `is not CSV: ${problem}` };
}

interface ReadRecord {
  readonly record: Readonly<Record<string, string>>;
  readonly info: Info;
}
