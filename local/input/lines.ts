import { UsageError } from "../errors.ts";

/** A line that is not blank, and its number in the text, counted from one. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * Splits text at line feeds and leaves out blank lines, carriage returns and a byte order mark. Not by node:readline,
 * which also splits at U+2028 and U+2029, and those may stand in a JSON string.
 * @throws {UsageError} at a line that is too long, before it is held whole.
 */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<Line> {
  let number = 0;
  let unfinished: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const pieces = chunk.split("\n");
    const rest = pieces.pop() ?? "";
    for (const piece of pieces) {
      yield* lineOf([...unfinished, piece].join(""), ++number);
      unfinished = [];
      length = 0;
    }
    unfinished.push(rest);
    length += rest.length;
    if (length > MAX_HELD_CHARACTERS)
      throw new UsageError(
        `Line ${number + 1} is longer than ${MAX_HELD_CHARACTERS / MILLION} million characters`,
        { hint: "Write one event a line" },
      );
  }
  yield* lineOf(unfinished.join(""), ++number);
}

const MILLION = 1_000_000;

/** More than this is not held at once. An event takes 1 MB at most; a JSON array of events may be one line. */
export const MAX_HELD_CHARACTERS = 64 * MILLION;

function* lineOf(raw: string, number: number): Generator<Line> {
  const text = (number === 1 ? raw.replace(/^\uFEFF/, "") : raw).replace(/\r$/, "");
  if (text.trim() !== "") yield { number, text };
}
