/**
 * Text that others chose (tenants, events, reasons, AWS's messages) made safe to print: what a terminal would obey is shown by its
 * code, `\u001b`, rather than left out, so that a reader sees that it is there. Everything that prints such text does so by one of these
 * functions; for Markdown there is ci/markdown.ts.
 *
 * Shown by their code are controls (C0, DEL, C1), format characters (those that turn the direction of text, or have no width), lone
 * halves of characters, and line separators.
 */

/** On one line. */
export const visibleText = (text: string): string => text.replaceAll(OBEYED, codeOf);

/** The same, of a text whose lines are its own. */
export const visibleLines = (text: string): string => text.split("\n").map(visibleText).join("\n");

/**
 * What another program writes, piece by piece as it comes: its lines and tabs are its own, but it goes back in no line that
 * it has written.
 */
export const visibleProgramText = (text: string): string =>
  text.replaceAll(/\r\n?/g, "\n").split("\t").map(visibleLines).join("\t");

/** JSON that a terminal obeys no part of; what reads it, reads the same value. */
export const visibleJson = (value: object, indent?: number): string =>
  // Of C0, JSON escapes all by itself; the line breaks are those of the indentation.
  JSON.stringify(value, undefined, indent).replaceAll(OBEYED_IN_JSON, codeOf);

const OBEYED = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;
const OBEYED_IN_JSON = /[\u007f-\u009f\p{Cf}\u2028\u2029]/gu;

const codeOf = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
  ).join("");
