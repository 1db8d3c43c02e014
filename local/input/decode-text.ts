import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { UsageError } from "../errors.ts";

/**
 * The text of a stream of bytes, as operators have it: perhaps gzipped, as CloudWatch Logs exports are, and in UTF-8 or
 * UTF-16, which PowerShell writes. What it is, its first bytes say.
 * @throws {UsageError} when what is gzipped is damaged.
 */
export async function* decodeText(bytes: Readable, name: string): AsyncGenerator<string> {
  const { head, all } = await withHead(bytes, 2);
  if (head[0] === 0x1f && head[1] === 0x8b) yield* decode(gunzip(all, name));
  else yield* decode(all);
}

async function* decode(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const { head, all } = await withHead(bytes, 2);
  // It leaves out the byte order mark, and decodes characters that a chunk's end cuts in two.
  const decoder = new TextDecoder(encodingOf(head));
  for await (const chunk of all) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** JSON begins with a character of ASCII: in UTF-16, one of its two bytes is zero. */
const encodingOf = ([first, second]: Buffer): string => {
  if ((first === 0xff && second === 0xfe) || second === 0) return "utf-16le";
  if ((first === 0xfe && second === 0xff) || first === 0) return "utf-16be";
  return "utf-8";
};

async function* gunzip(bytes: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  try {
    // Whatever goes wrong with one of them ends the other, whose reader is told.
    for await (const chunk of pipeline(Readable.from(bytes), createGunzip(), () => undefined))
      yield toBuffer(chunk);
  } catch (error) {
    if (error instanceof Error && "code" in error && String(error.code).startsWith("Z_"))
      throw new UsageError(`Cannot read ${name}: it is gzipped, and damaged (${error.message})`);
    throw error;
  }
}

const toBuffer = (chunk: unknown): Buffer => (Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk)));

/** Reads until so many bytes have come, or all have. */
const withHead = async (
  bytes: AsyncIterable<unknown>,
  count: number,
): Promise<{ head: Buffer; all: AsyncIterable<Buffer> }> => {
  const chunks = bytes[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  while (head.length < count) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, toBuffer(next.value)]);
  }
  return { head, all: headAndRest(head, chunks) };
};

async function* headAndRest(head: Buffer, rest: AsyncIterator<unknown>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield toBuffer(next.value);
}
