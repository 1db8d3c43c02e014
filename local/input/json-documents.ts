import { UsageError } from "../errors.ts";
import { type Line, MAX_HELD_CHARACTERS } from "./lines.ts";

/** A JSON value that was read, or something that is none. */
export type JsonDocument = ReadDocument | MalformedDocument;

export interface ReadDocument {
  readonly kind: "read";
  /** Where it begins. */
  readonly line: number;
  readonly value: unknown;
  /** As it was written. */
  readonly text: string;
}

export interface MalformedDocument {
  readonly kind: "malformed";
  readonly line: number;
  /** What is wrong with it, as the end of a sentence. */
  readonly problem: string;
  readonly text: string;
}

/**
 * Finds the JSON values of a text: one a line, or over many lines, or one directly after the other. A line that is a value by
 * itself is yielded as soon as it was read. Where a line is none, and begins none that ends, the next line is tried.
 * @throws {UsageError} when a value over many lines is too long to be held.
 */
export async function* jsonDocuments(lines: AsyncIterable<Line>): AsyncGenerator<JsonDocument> {
  let open: OpenDocument | undefined;
  for await (const line of lines) {
    if (open === undefined) {
      const document = readLine(line);
      if (document.kind === "read" || !/^\s*[{[]/.test(line.text)) {
        yield document;
        continue;
      }
      open = new OpenDocument();
    }
    yield* open.add(line);
    if (open.isEmpty) open = undefined;
  }
  yield* open?.giveUp() ?? [];
}

/** JSON that has begun and not ended. Only brackets outside strings count; what is between them is for JSON.parse. */
class OpenDocument {
  #lines: Line[] = [];
  #length = 0;
  #depth = 0;

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  *add({ number, text }: Line): Generator<JsonDocument> {
    let begin = 0;
    // No string goes over a line's end.
    let inString = false;
    for (const { index, 0: character } of text.matchAll(/\\.|["{}[\]]/g)) {
      if (inString) {
        if (character === '"') inString = false;
      } else if (character === '"') {
        inString = true;
      } else if (character === "{" || character === "[") {
        this.#depth++;
      } else if ((character === "}" || character === "]") && --this.#depth <= 0) {
        this.#push({ number, text: text.slice(begin, index + 1) });
        yield this.#take();
        begin = index + 1;
      }
    }
    const rest = text.slice(begin);
    // Between two values there may be a comma.
    if (this.#depth > 0) this.#push({ number, text: rest });
    else if (!/^[\s,]*$/.test(rest)) yield readLine({ number, text: rest });
  }

  /** It never ended: the lines speak for themselves, but for those of one broken value. */
  giveUp(): JsonDocument[] {
    const documents = this.#lines.map(readLine);
    const [first] = this.#lines;
    const isBroken =
      first !== undefined &&
      /^\s*(\{|\[|\[\s*\{)\s*$/.test(first.text) &&
      !documents.some((document) => document.kind === "read" && /^\s*\{/.test(document.text));
    return isBroken ? [this.#take()] : documents;
  }

  #push(line: Line): void {
    this.#lines.push(line);
    this.#length += line.text.length;
    if (this.#length > MAX_HELD_CHARACTERS)
      throw new UsageError(
        `The JSON that begins at line ${this.#lines[0]?.number} is too long to be held, or never ends`,
        { hint: "Write one event a line", next: "jq -c '.[]'" },
      );
  }

  #take(): JsonDocument {
    const text = this.#lines.map((line) => line.text).join("\n");
    const number = this.#lines[0]?.number ?? 0;
    this.#lines = [];
    this.#length = 0;
    this.#depth = 0;
    return readLine({ number, text: text.replace(/^[\s,]+/, "") });
  }
}

const readLine = ({ number, text }: Line): JsonDocument => {
  try {
    return { kind: "read", line: number, value: JSON.parse(text), text };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { kind: "malformed", line: number, problem: `is not JSON: ${error.message}`, text };
  }
};
