import { csvRows, isLogHeader } from "./csv-rows.ts";
import { withFirstLine } from "./first-line.ts";
import { jsonDocuments } from "./json-documents.ts";
import { linesOf } from "./lines.ts";
import { type Findings, readCsvRow, readRecording, readTimedLine } from "./recordings.ts";

/** One entry of a stream of events: an event, or something that is none. */
export type StreamEntry = EventEntry | MalformedEntry;

export interface EventEntry {
  readonly kind: "event";
  readonly position: Position;
  /** Any JSON value: whether it is a valid event is for the handler to say. */
  readonly event: unknown;
  /** The event's JSON text, as Lambda would get it. */
  readonly payload: string;
  /** Where what was read says whose event it is. */
  readonly tenantId: string | undefined;
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

/** What was read so far. */
export interface ReadCounts {
  /** How many events were found in each form. */
  readonly forms: ReadonlyMap<string, number>;
  /** Lines of a log, or messages, that are about something else. */
  readonly others: number;
  /** How many things were not understood. */
  readonly notUnderstood: number;
}

export interface EventStream {
  /** All events; of what is not understood, the first of each kind. */
  readonly entries: AsyncGenerator<StreamEntry>;
  readonly readCounts: () => ReadCounts;
}

/**
 * Reads the events of a text, in whatever form operators have them (recordings.ts). An event that is a line by itself is yielded as
 * soon as it was read.
 * @throws {UsageError} when a line, or what must be read whole, is too long to be held.
 */
export const readEventStream = (chunks: AsyncIterable<string>): EventStream => {
  const forms = new Map<string, number>();
  const problems = new Set<string>();
  let others = 0;
  let notUnderstood = 0;

  function* entriesOf(recording: Findings, position: Position, text?: string): Generator<StreamEntry> {
    if (!recording.isKnown) {
      yield* notRead(position, NO_EVENT);
      return;
    }
    others += recording.others;
    for (const { form, event, tenantId } of recording.events) {
      const payload = text !== undefined && form === "EventBridge event" ? text : write(event);
      if (payload === undefined) {
        yield* notRead(position, "is nested too deeply");
        continue;
      }
      forms.set(form, (forms.get(form) ?? 0) + 1);
      yield { kind: "event", position, event, payload, tenantId };
    }
  }

  function* notRead(position: Position, problem: string): Generator<StreamEntry> {
    notUnderstood++;
    // Texts differ in what the parser says of them; one that is not JSON is like the next.
    const kind = problem.split(":")[0] ?? problem;
    if (problems.has(kind)) return;
    problems.add(kind);
    yield { kind: "malformed", position, problem };
  }

  async function* entries(): AsyncGenerator<StreamEntry> {
    const { firstLine, all } = await withFirstLine(chunks);
    yield* isLogHeader(firstLine) ? csvEntries(all) : jsonEntries(all);
  }

  async function* csvEntries(text: AsyncIterable<string>): AsyncGenerator<StreamEntry> {
    for await (const found of csvRows(text)) {
      const position = { line: found.line };
      if (found.kind === "malformed") yield* notRead(position, found.problem);
      else yield* entriesOf(readCsvRow(found.row), position);
    }
  }

  async function* jsonEntries(text: AsyncIterable<string>): AsyncGenerator<StreamEntry> {
    for await (const document of jsonDocuments(linesOf(text))) {
      const position = { line: document.line };
      if (document.kind === "malformed") {
        const recording = readTimedLine(document.text);
        if (recording === undefined) yield* notRead(position, document.problem);
        else yield* entriesOf(recording, position);
      } else if (Array.isArray(document.value)) {
        for (const [index, element] of document.value.entries())
          yield* entriesOf(readRecording(element), { element: index + 1 });
      } else yield* entriesOf(readRecording(document.value), position, document.text);
    }
  }

  return { entries: entries(), readCounts: () => ({ forms, others, notUnderstood }) };
};

/** What is wrong with JSON that holds no event. */
const NO_EVENT = "is no event, nor does it hold any";

/** What JSON.parse can read, JSON.stringify cannot always write: it recurses. */
const write = (event: unknown): string | undefined => {
  try {
    return JSON.stringify(event);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return undefined;
  }
};
