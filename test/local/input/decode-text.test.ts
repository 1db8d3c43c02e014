import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { UsageError } from "../../../local/errors.ts";
import { decodeText } from "../../../local/input/decode-text.ts";

const decode = async (...chunks: readonly Buffer[]): Promise<string> => {
  let text = "";
  for await (const part of decodeText(Readable.from(chunks), "the file")) text += part;
  return text;
};

const utf16 = (text: string): Buffer => Buffer.from(text, "utf16le");
const swapped = (text: string): Buffer => utf16(text).swap16();

describe("The text of a file", () => {
  const text = '{"name":"Zürich 😀"}\n';
  const ENCODED: Readonly<Record<string, Buffer>> = {
    "UTF-8": Buffer.from(text),
    "UTF-8 with a byte order mark": Buffer.from(`\ufeff${text}`),
    "UTF-16, as PowerShell writes it": utf16(`\ufeff${text}`),
    "UTF-16 without a byte order mark": utf16(text),
    "UTF-16, the other byte first": swapped(`\ufeff${text}`),
    "UTF-16, the other byte first, without a mark": swapped(text),
  };

  for (const [encoding, bytes] of Object.entries(ENCODED)) {
    it(`may be in ${encoding}, gzipped or not, and cut anywhere`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.boolean(), fc.array(fc.nat(60), { maxLength: 6 }), async (zipped, sizes) => {
          let rest: Buffer = zipped ? gzipSync(bytes) : bytes;
          const chunks: Buffer[] = [];
          for (const size of sizes) {
            chunks.push(rest.subarray(0, size));
            rest = rest.subarray(size);
          }
          expect(await decode(...chunks, rest)).to.equal(text);
        }),
        { numRuns: 30 },
      );
    });
  }

  it("may be empty, or a byte", async () => {
    expect([await decode(), await decode(Buffer.from("x"))]).to.deep.equal(["", "x"]);
  });

  it("may be in several gzipped parts, as CloudWatch Logs exports are when they are joined", async () => {
    expect(await decode(gzipSync("one\n"), gzipSync("two\n"))).to.equal("one\ntwo\n");
  });

  it("is refused in one sentence where it is gzipped and damaged", async () => {
    const zipped = gzipSync("x".repeat(1000));
    zipped.fill(0xff, 12, 20);
    const error = await decode(zipped).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UsageError);
    expect(error)
      .to.have.property("message")
      .that.matches(/^Cannot read the file: it is gzipped, and damaged \(/);
  });
});
