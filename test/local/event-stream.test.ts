import { expect } from "chai";
import fc from "fast-check";
import { readEventStream, type StreamEntry } from "../../local/event-stream.ts";

const read = async (...chunks: string[]): Promise<StreamEntry[]> => {
  const entries: StreamEntry[] = [];
  for await (const entry of readEventStream(chunksOf(chunks))) entries.push(entry);
  return entries;
};

async function* chunksOf(chunks: readonly string[]): AsyncGenerator<string> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

/** Entries in short: an event's own JSON, or `!` for what is none, with where it stands. */
const brief = (entries: readonly StreamEntry[]): string[] =>
  entries.map(({ position, ...entry }) => {
    const where = "line" in position ? `${position.line}` : `[${position.element}]`;
    return `${where} ${entry.kind === "event" ? JSON.stringify(entry.event) : "!"}`;
  });

describe("A stream of events", () => {
  it("is read line by line", async () => {
    expect(brief(await read('{"id":"a"}\n{"id":"b"}\n'))).to.deep.equal(['1 {"id":"a"}', '2 {"id":"b"}']);
  });

  it("needs no line feed at its end", async () => {
    expect(brief(await read('{"id":"a"}\n{"id":"b"}'))).to.have.lengthOf(2);
  });

  it("may have a byte order mark, carriage returns and blank lines, which count as lines", async () => {
    expect(brief(await read('\uFEFF{"id":"a"}\r\n\r\n  \n{"id":"b"}\r\n'))).to.deep.equal([
      '1 {"id":"a"}',
      '4 {"id":"b"}',
    ]);
  });

  it("keeps line separators that stand in a JSON string", async () => {
    expect(await read('{"id":"a\u2028b"}\n{}\n')).to.have.deep.nested.property("[0].event", {
      id: "a\u2028b",
    });
  });

  it("keeps each event's own text for the function", async () => {
    expect(await read('{ "n": 1.0 }\n')).to.have.nested.property("[0].payload", '{ "n": 1.0 }');
  });

  it("names the line of what is no JSON, and goes on", async () => {
    const entries = await read('{"id":"a"}\nnot json\n{"id":"b"}\n');
    expect(brief(entries)).to.deep.equal(['1 {"id":"a"}', "2 !", '3 {"id":"b"}']);
    expect(entries[1])
      .to.have.property("problem")
      .that.matches(/^is not JSON: /);
  });

  for (const start of ["not json", "{", "[", '{"id":', "42"]) {
    it(`goes on where its first line is ${start}`, async () => {
      expect(brief(await read(`${start}\n{"id":"b"}\n`)).at(-1)).to.equal('2 {"id":"b"}');
    });
  }

  it("names each line where none is JSON", async () => {
    expect(brief(await read("one\ntwo\n"))).to.deep.equal(["1 !", "2 !"]);
  });

  it("leaves it to the function to refuse JSON that is no object", async () => {
    expect(brief(await read('{}\n42\nnull\n["a"]\n'))).to.deep.equal(["1 {}", "2 42", "3 null", '4 ["a"]']);
  });

  it("may be one event over many lines", async () => {
    expect(
      brief(await read(JSON.stringify({ id: "a", detail: { eventName: "X" } }, undefined, 2))),
    ).to.deep.equal(['1 {"id":"a","detail":{"eventName":"X"}}']);
  });

  for (const indent of [undefined, 2]) {
    it(`may be a JSON array on ${indent === undefined ? "one line" : "many lines"}`, async () => {
      expect(brief(await read(JSON.stringify([{ id: "a" }, 42], undefined, indent)))).to.deep.equal([
        '[1] {"id":"a"}',
        "[2] 42",
      ]);
    });
  }

  it("is empty for an empty array and for no text", async () => {
    expect([await read("[]"), await read(""), await read("\n \n")]).to.deep.equal([[], [], []]);
  });

  it("fails once for an array that breaks off", async () => {
    expect(
      brief(await read(JSON.stringify([{ id: "a" }, { id: "b" }], undefined, 2).slice(0, -6))),
    ).to.deep.equal(["1 !"]);
  });

  it("survives an array element that is nested too deeply to be written again", async () => {
    const deep = "[".repeat(200_000) + "]".repeat(200_000);
    expect(brief(await read(`[${deep},{"id":"b"}]`))).to.deep.equal(["[1] !", '[2] {"id":"b"}']);
  });

  it("yields an event by itself before the next one has come", async () => {
    const entries = readEventStream(
      (async function* () {
        yield await Promise.resolve('{"id":"a"}\n');
        throw new Error("the rest was asked for");
      })(),
    );
    expect((await entries.next()).value).to.have.deep.property("event", { id: "a" });
  });

  it("reads the same however the text is cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.json(), fc.constantFrom("", "{", '{"id":"ä😀"}', "junk", "\r"))),
        fc.array(fc.nat(40)),
        async (lines, sizes) => {
          const text = lines.join("\n");
          const chunks: string[] = [];
          let rest = text;
          for (const size of sizes) {
            chunks.push(rest.slice(0, size));
            rest = rest.slice(size);
          }
          expect(await read(...chunks, rest)).to.deep.equal(await read(text));
        },
      ),
    );
  });
});
