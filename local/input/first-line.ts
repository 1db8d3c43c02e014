/** A text whose beginning has been looked at. */
export interface BegunText {
  /** Its first line that is not blank; only the beginning of a long one. */
  readonly firstLine: string;
  /** All of it. */
  readonly all: AsyncIterable<string>;
}

/** No more is looked at. */
const LONGEST = 10_000;

/** Reads no further than the first line that is not blank, and of JSON, which begins with a bracket, not even that far. */
export const withFirstLine = async (chunks: AsyncIterable<string>): Promise<BegunText> => {
  const iterator = chunks[Symbol.asyncIterator]();
  let read = "";
  while (!/^\s*([{[]|\S.*\n)/.test(read) && read.length < LONGEST) {
    const next = await iterator.next();
    if (next.done === true) break;
    read += next.value;
  }
  return {
    firstLine: read.trimStart().slice(0, LONGEST).split(/\r?\n/)[0] ?? "",
    all: readAndRest(read, iterator),
  };
};

async function* readAndRest(read: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  yield read;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}
