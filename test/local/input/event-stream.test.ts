import { expect } from "chai";
import fc from "fast-check";
import { anyText } from "../../checklist/any-text.ts";
import { readEventStream, type StreamEntry, type ReadCounts } from "../../../local/input/event-stream.ts";

const readAll = async (...chunks: string[]): Promise<{ entries: StreamEntry[]; readCounts: ReadCounts }> => {
  const stream = readEventStream(chunksOf(chunks));
  const entries: StreamEntry[] = [];
  for await (const entry of stream.entries) entries.push(entry);
  return { entries, readCounts: stream.readCounts() };
};

const read = async (...chunks: string[]): Promise<string[]> => brief((await readAll(...chunks)).entries);

async function* chunksOf(chunks: readonly string[]): AsyncGenerator<string> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

const event = (id: string): { id: string; "detail-type": string } => ({ id, "detail-type": "x" });
const [a, b] = [JSON.stringify(event("a")), JSON.stringify(event("b"))];

/** Entries in short: an event's id, or `!` for what is none, with where it stands. */
const brief = (entries: readonly StreamEntry[]): string[] =>
  entries.map((entry) => {
    const { position } = entry;
    const where = "line" in position ? `${position.line}` : `[${position.element}]`;
    return `${where} ${entry.kind === "event" ? (JSON.parse(entry.payload) as { id: string }).id : "!"}`;
  });

describe("A stream of events", () => {
  it("is read line by line", async () => {
    expect(await read(`${a}\n${b}\n`)).to.deep.equal(["1 a", "2 b"]);
  });

  it("needs no line feed at its end", async () => {
    expect(await read(`${a}\n${b}`)).to.deep.equal(["1 a", "2 b"]);
  });

  it("may have a byte order mark, carriage returns and blank lines, which count as lines", async () => {
    expect(await read(`\uFEFF${a}\r\n\r\n  \n${b}\r\n`)).to.deep.equal(["1 a", "4 b"]);
  });

  it("keeps line separators that stand in a JSON string", async () => {
    const { entries } = await readAll(JSON.stringify(event("a\u2028b")));
    expect(entries).to.have.nested.property("[0].event.id", "a\u2028b");
  });

  it("keeps each event's own text for the function", async () => {
    const text = '{ "n": 1.0, "detail-type": "x" }';
    expect((await readAll(`${text}\n`)).entries).to.have.nested.property("[0].payload", text);
  });

  it("names the first line that is no JSON, counts the others, and goes on", async () => {
    const { entries, readCounts } = await readAll(`${a}\nnot json\n${b}\nnor this\n`);
    expect(brief(entries)).to.deep.equal(["1 a", "2 !", "3 b"]);
    expect(entries[1])
      .to.have.property("problem")
      .that.matches(/^is not JSON: /);
    expect(readCounts).to.deep.equal({
      forms: new Map([["EventBridge event", 2]]),
      others: 0,
      notUnderstood: 2,
    });
  });

  for (const start of ["not json", "{", "[", '{"id":', "42", '"text', "}", "] ["]) {
    it(`goes on where its first line is ${start}`, async () => {
      expect((await read(`${start}\n${b}\n`)).at(-1)).to.equal("2 b");
    });
  }

  it("names the first of each kind where none is an event", async () => {
    const { entries, readCounts } = await readAll("one\n42\ntwo\nnull\n{}\n");
    expect(brief(entries)).to.deep.equal(["1 !", "2 !"]);
    expect(entries[1]).to.have.property("problem", "is no event, nor does it hold any");
    expect(readCounts.notUnderstood).to.equal(5);
  });

  it("may be one event over many lines, or many", async () => {
    const [one, two] = [event("a"), event("b")].map((each) => JSON.stringify(each, undefined, 2));
    expect(await read(`${one}`)).to.deep.equal(["1 a"]);
    expect(await read(`${one}\n${two}\n${a}\n`)).to.deep.equal(["1 a", "5 b", "9 a"]);
  });

  it("may be events one directly after the other, as Firehose writes them", async () => {
    expect(await read(`${a}${b}${a}\n${b}, ${a}`)).to.deep.equal(["1 a", "1 b", "1 a", "2 b", "2 a"]);
  });

  it("is not led astray by brackets in strings", async () => {
    const texts = ['{"', "\\", '"}', "[[[", "\\\\"].map((id) => JSON.stringify(event(id)));
    expect(await read(texts.join(""))).to.deep.equal(['1 {"', "1 \\", '1 "}', "1 [[[", "1 \\\\"]);
  });

  for (const indent of [undefined, 2]) {
    it(`may be a JSON array on ${indent === undefined ? "one line" : "many lines"}`, async () => {
      expect(await read(JSON.stringify([event("a"), 42, event("b")], undefined, indent))).to.deep.equal([
        "[1] a",
        "[2] !",
        "[3] b",
      ]);
    });
  }

  it("may be an array with an event on each of its lines", async () => {
    expect(await read(`[\n${a},\n${b}\n]\n`)).to.deep.equal(["[1] a", "[2] b"]);
  });

  it("is empty for an empty array and for no text", async () => {
    expect([await read("[]"), await read(""), await read("\n \n")]).to.deep.equal([[], [], []]);
  });

  it("fails once for an array that breaks off", async () => {
    expect(await read(JSON.stringify([event("a"), event("b")], undefined, 2).slice(0, -6))).to.deep.equal([
      "1 !",
    ]);
  });

  it("survives what is nested too deeply to be written again", async () => {
    const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
    expect(await read(`[{"detail-type":"x","deep":${deep}},${b}]`)).to.deep.equal(["[1] !", "[2] b"]);
    expect(await read(`[${deep},${b}]`)).to.deep.equal(["[1] !", "[2] b"]);
  });

  it("yields an event by itself before the next one has come", async () => {
    const { entries } = readEventStream(
      (async function* () {
        yield await Promise.resolve(`${a}\n`);
        throw new Error("the rest was asked for");
      })(),
    );
    expect((await entries.next()).value).to.have.deep.property("event", event("a"));
  });

  it("reads the same however the text is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.json(), fc.constantFrom("", "{", a, `${b}${a}`, '{"id":"ä😀"}', "junk", "\r"))),
        fc.array(fc.nat(40)),
        async (lines, sizes) => {
          const text = lines.join("\n");
          const chunks: string[] = [];
          let rest = text;
          for (const size of sizes) {
            chunks.push(rest.slice(0, size));
            rest = rest.slice(size);
          }
          expect(await readAll(...chunks, rest)).to.deep.equal(await readAll(text));
        },
      ),
    );
  });

  it("finds every event, however the documents are laid out", async () => {
    const layout = fc.constantFrom(
      (each: unknown) => `${JSON.stringify(each)}\n`,
      (each: unknown) => JSON.stringify(each),
      (each: unknown) => `${JSON.stringify(each, undefined, 2)}\n`,
      (each: unknown) => `[${JSON.stringify(each)}]\n`,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(anyText(), layout)), async (events) => {
        const { entries } = await readAll(events.map(([id, write]) => write(event(id))).join(""));
        expect(entries.map((entry) => entry.kind === "event" && entry.event)).to.deep.equal(
          events.map(([id]) => event(id)),
        );
      }),
    );
  });
});
