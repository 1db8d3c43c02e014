/**
 * Makes text that others chose into Markdown that shows it and does nothing else: no heading, mention, link, image, HTML, comment,
 * table cell or line of its own comes of it. Every summary, comment and issue shows such text by one of these functions.
 */

/** One line of code, for a table too: `tenant-acme`. */
export const codeInMarkdown = (text: string): string => {
  // In a table a bar ends the cell, unless it is escaped, which it cannot be behind a backslash of the text.
  const line = inOneLine(text).replaceAll("\\|", "\\\\u007c").replaceAll("|", "\\|");
  // A fence longer than any in the text; spaces, which GitHub takes away again, keep a backtick at an end apart from it.
  const fence = "`".repeat(longestTicks(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") || line.trim() === "" ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
};

/** A block of text, as it is. Controls that a terminal or a browser would obey are shown by their code. */
export const blockInMarkdown = (text: string): string => {
  const shown = visible(text.replaceAll("\r\n", "\n"), /(?!\n|\t)/u);
  const fence = "`".repeat(Math.max(3, longestTicks(shown) + 1));
  return `${fence}text\n${shown}\n${fence}`;
};

/** Words within a sentence: what Markdown would obey is escaped, and a mention does not notify. */
export const textInMarkdown = (text: string): string =>
  inOneLine(text)
    .replaceAll(/[\\`*_{}[\]()#+!|~>-]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    // Not even escapes keep GitHub from making links of these.
    .replaceAll("@", "@\u200b")
    .replaceAll(/:\/\//g, ":\u200b//")
    .replaceAll(/www\./gi, "$&\u200b");

const inOneLine = (text: string): string => visible(text, /(?:)/u);

/** Shows C0 and C1 controls, line separators, and what turns the direction of text, by their code: `\u001b`. */
const visible = (text: string, besides: RegExp): string =>
  text.replaceAll(
    new RegExp(
      `${besides.source}[\\p{Cc}\\u2028\\u2029\\u200e\\u200f\\u061c\\u202a-\\u202e\\u2066-\\u2069]`,
      "gu",
    ),
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );

const longestTicks = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
