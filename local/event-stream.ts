import { UsageError } from "./errors.ts";
import { type Line, linesOf, MAX_HELD_CHARACTERS } from "./lines.ts";
import { isObject } from "../checklist/is-object.ts";

/** One entry of a stream of events: an event, or something that is no JSON. */
export type StreamEntry = EventEntry | MalformedEntry;

export interface EventEntry {
  readonly kind: "event";
  readonly position: Position;
  /** Any JSON value: whether it is a valid event is for the handler to say. */
  readonly event: unknown;
  /** The event's JSON text, as Lambda would get it. */
  readonly payload: string;
}

export interface MalformedEntry {
  readonly kind: "malformed";
  readonly position: Position;
  /** What is wrong with it, as the end of a sentence. */
  readonly problem: string;
}

/** Where an entry stands, counted from one: in a JSON array elements count, else lines. */
export type Position = { readonly line: number } | { readonly element: number };

export const describePosition = (position: Position): string =>
  "line" in position ? `line ${position.line}` : `element ${position.element}`;

/**
 * Reads events written as NDJSON, as a JSON array or as one JSON object, over however many lines. Where the first
 * line is an event by itself, each line is yielded as soon as it was read; otherwise all is read first.
 * @throws {UsageError} when a line, or what must be read whole, is too long to be held.
 */
export async function* readEventStream(chunks: AsyncIterable<string>): AsyncGenerator<StreamEntry> {
  const lines = linesOf(chunks);
  for await (const first of lines) {
    if (isObject(parse(first.text).value)) {
      yield entryOf(first.text, { line: first.number });
      for await (const { text, number } of lines) yield entryOf(text, { line: number });
    } else {
      const all = [first];
      let length = first.text.length;
      for await (const line of lines) {
        length += line.text.length;
        if (length > MAX_HELD_CHARACTERS)
          throw new UsageError("These events are too many for one JSON document", {
            hint: "Write one event a line",
          });
        all.push(line);
      }
      yield* entriesOf(all);
    }
  }
}

const entriesOf = (lines: readonly Line[]): StreamEntry[] => {
  const document = lines.map(({ text }) => text).join("\n");
  const { value, problem } = parse(document);
  if (problem === undefined)
    return Array.isArray(value) ? value.map(elementEntry) : [entryOf(document, { line: 1 })];

  const [first] = lines;
  const isBrokenDocument =
    first !== undefined &&
    /^\s*(\{|\[|\[\s*\{)\s*$/.test(first.text) &&
    !lines.some(({ text }) => isObject(parse(text).value));
  return isBrokenDocument
    ? [{ kind: "malformed", position: { line: first.number }, problem }]
    : lines.map(({ text, number }) => entryOf(text, { line: number }));
};

const elementEntry = (event: unknown, index: number): StreamEntry => {
  const position = { element: index + 1 };
  try {
    return { kind: "event", position, event, payload: JSON.stringify(event) };
  } catch (error) {
    // What JSON.parse can read, JSON.stringify cannot always write: it recurses.
    if (!(error instanceof RangeError)) throw error;
    return { kind: "malformed", position, problem: "is nested too deeply" };
  }
};

const entryOf = (payload: string, position: Position): StreamEntry => {
  const { value, problem } = parse(payload);
  return problem === undefined
    ? { kind: "event", position, event: value, payload }
    : { kind: "malformed", position, problem };
};

type Parsed =
  | { readonly value: unknown; readonly problem?: undefined }
  | { readonly value?: undefined; readonly problem: string };

const parse = (text: string): Parsed => {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { problem: `is not JSON: ${error.message}` };
  }
};
