import fc from "fast-check";
import { anyText } from "./any-text.ts";

/** What a terminal, GitHub's log or a reader's eye would obey; each is tried as it is, and amid any text. */
const HOSTILE = [
  "\u001b]52;c;ZXZpbA==\u0007",
  "\u001b]0;a title\u0007",
  "\u001b[2J\u001b[H",
  "\u009b31m\u009d0;title\u009c",
  "\r\n::stop-commands::x\n::add-mask::y",
  "\u202eevil\u202c",
  "\u2066a\u2069\u200f\u061c",
  "\u2028\u2029\u0085\u0000\u0008\u007f",
  "a\u200bb\u{e0041}\ud800",
  "\t",
];

export const hostileText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), anyText({ maxLength: 8 })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((parts) => parts.join("x"));

/** All of it in one text, and backwards, as a table cuts a text's end: examples for fast-check. */
export const EVERY_HOSTILE_TEXT: [string][] = [[HOSTILE.join("x")], [HOSTILE.toReversed().join("x")]];

const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

/**
 * The first line of a text with something live in it; undefined when there is none. Line breaks are the printer's own: text from
 * elsewhere has none left, and so begins no line of its own.
 */
export const liveLine = (printed: string): string | undefined => {
  const line = printed.split("\n").find((each) => OBEYED.test(each) || each.startsWith("::"));
  return line === undefined ? undefined : JSON.stringify(line);
};

/** What another program writes has lines and tabs of its own. */
export const LIVE_IN_PROGRAM_TEXT = /[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\u2028\u2029]/u;
