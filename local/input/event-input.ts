import { once } from "node:events";
import { createReadStream } from "node:fs";
import { addAbortSignal, type Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { UsageError } from "../errors.ts";
import { decodeText } from "./decode-text.ts";
import { MAX_HELD_CHARACTERS } from "./lines.ts";

/** Where events come from. */
export interface EventInput {
  /** For people. */
  readonly name: string;
  readonly text: AsyncIterable<string>;
  close(): void;
}

const SAMPLE = fileURLToPath(new URL("../sample-events.ndjson", import.meta.url));

/**
 * Opens a file, standard input (`-`), or the bundled sample where neither is named.
 * @throws {UsageError} when the file cannot be read, also later, while it is.
 */
export const openEventInput = async (
  file: string | undefined,
  standardInput: Readable,
  signal: AbortSignal,
): Promise<EventInput> => {
  const name = file === undefined ? "the bundled sample" : file === "-" ? "standard input" : file;
  const stream = file === "-" ? standardInput : await openFile(file ?? SAMPLE, name);
  addAbortSignal(signal, stream);
  return {
    name,
    text: readText(stream, name),
    close: () => {
      stream.destroy();
    },
  };
};

/**
 * Reads a whole file.
 * @throws {UsageError} when it cannot be read, or is too long to be held.
 */
export const readWhole = async (file: string): Promise<string> => {
  let text = "";
  for await (const chunk of readFileText(file)) {
    text += chunk;
    if (text.length > MAX_HELD_CHARACTERS)
      throw new UsageError(`${file} is longer than ${MAX_HELD_CHARACTERS / 1_000_000} million characters`);
  }
  return text;
};

/**
 * Reads a file piece by piece.
 * @throws {UsageError} when it cannot be read.
 */
export async function* readFileText(file: string): AsyncGenerator<string> {
  yield* readText(await openFile(file, file), file);
}

const openFile = async (path: string, name: string): Promise<Readable> => {
  try {
    // Not by a FileHandle, which Node.js closes with a warning where nobody has read to the end.
    const stream = createReadStream(path);
    await once(stream, "open");
    return stream;
  } catch (error) {
    throw unreadable(name, error);
  }
};

async function* readText(stream: Readable, name: string): AsyncGenerator<string> {
  try {
    yield* decodeText(stream, name);
  } catch (error) {
    throw unreadable(name, error);
  }
}

const unreadable = (name: string, error: unknown): unknown => {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  // Operating system errors only: an abort or a bug is not a mistake of the caller.
  if (!/^E[A-Z]+$/.test(code)) return error;
  return new UsageError(`Cannot read ${name}: ${REASONS.get(code) ?? code}`);
};

const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["EISDIR", "it is a folder"],
  ["EACCES", "permission denied"],
]);
