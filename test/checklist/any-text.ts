import fc from "fast-check";

/** Halves of pairs, which are no characters, are amid the code points. */
const HALVES = { begin: 0xd800, end: 0xe000, count: 0x800 } as const;

/**
 * Any character. This is what fast-check calls `unit: "binary"`, with the same choices and the same way to simpler ones, without the table of
 * all 1,112,064 characters that it makes first, which takes a second.
 */
const character: fc.Arbitrary<string> = fc.nat({ max: 0x10ffff - HALVES.count }).map(
  (index) => String.fromCodePoint(index < HALVES.begin ? index : index + HALVES.count),
  (text) => {
    const codePoint = typeof text === "string" ? text.codePointAt(0) : undefined;
    if (codePoint === undefined || String.fromCodePoint(codePoint) !== text)
      throw new Error("it is not one character");
    if (codePoint < HALVES.begin) return codePoint;
    if (codePoint < HALVES.end) throw new Error("it is half a character");
    return codePoint - HALVES.count;
  },
);

export const anyText = (constraints: { readonly maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.string({ ...constraints, unit: character });
