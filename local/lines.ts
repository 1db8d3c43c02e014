/** A line that is not blank, and its number in the text, counted from one. */
export interface Line {
  readonly number: number;
  readonly text: string;
}

/**
 * Splits text at line feeds and leaves out blank lines, carriage returns and a byte order mark. Not by node:readline,
 * which also splits at U+2028 and U+2029, and those may stand in a JSON string.
 */
export async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<Line> {
  let number = 0;
  let unfinished: string[] = [];
  for await (const chunk of chunks) {
    const pieces = chunk.split("\n");
    const rest = pieces.pop() ?? "";
    for (const piece of pieces) {
      yield* lineOf([...unfinished, piece].join(""), ++number);
      unfinished = [];
    }
    unfinished.push(rest);
  }
  yield* lineOf(unfinished.join(""), ++number);
}

function* lineOf(raw: string, number: number): Generator<Line> {
  const text = (number === 1 ? raw.replace(/^\uFEFF/, "") : raw).replace(/\r$/, "");
  if (text.trim() !== "") yield { number, text };
}
