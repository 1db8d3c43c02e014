import { addAbortSignal, type Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { UsageError } from "../errors.ts";
import { systemErrorReason } from "../system-error.ts";
import { decodeText } from "./decode-text.ts";
import { MAX_HELD_CHARACTERS } from "./lines.ts";
import { openFile } from "./open-file.ts";

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
export const openEventInput = (
  file: string | undefined,
  standardInput: Readable,
  signal: AbortSignal,
): EventInput => {
  const name = file === undefined ? "the bundled sample" : file === "-" ? "standard input" : file;
  const stream = file === "-" ? addAbortSignal(signal, standardInput) : open(file ?? SAMPLE, name, signal);
  // It may be stopped before it is read: who reads then hears of it.
  stream.on("error", () => undefined);
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
export const readWhole = async (file: string, signal: AbortSignal): Promise<string> => {
  let text = "";
  for await (const chunk of readFileText(file, signal)) {
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
export async function* readFileText(file: string, signal: AbortSignal): AsyncGenerator<string> {
  yield* readText(open(file, file, signal), file);
}

const open = (path: string, name: string, signal: AbortSignal): Readable => {
  try {
    return openFile(path, signal);
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
  const reason = systemErrorReason(error);
  return reason === undefined ? error : new UsageError(`Cannot read ${name}: ${reason}`);
};
