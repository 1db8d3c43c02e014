import { visibleLines, visibleText } from "../checklist/visible.ts";

/**
 * Makes text that others chose into Markdown that shows it and does nothing else: no heading, mention, link, image, HTML, comment,
 * table cell or line of its own comes of it. Every summary, comment and issue shows such text by one of these functions.
 */

/** One line of code, for a table too: `tenant-acme`. */
export const codeInMarkdown = (text: string): string => {
  // In a table a bar ends the cell, unless it is escaped, which it cannot be behind a backslash of the text.
  const line = visibleText(text).replaceAll("\\|", "\\\\u007c").replaceAll("|", "\\|");
  // A fence longer than any in the text; spaces, which GitHub takes away again, keep a backtick at an end apart from it.
  const fence = "`".repeat(longestTicks(line) + 1);
  const pad = line.startsWith("`") || line.endsWith("`") || line.trim() === "" ? " " : "";
  return `${fence}${pad}${line}${pad}${fence}`;
};

/** A block of text, as it is. Controls that a terminal or a browser would obey are shown by their code. */
export const blockInMarkdown = (text: string): string => {
  const shown = visibleLines(text.replaceAll("\r\n", "\n").replaceAll("\t", "  "));
  const fence = "`".repeat(Math.max(3, longestTicks(shown) + 1));
  return `${fence}text\n${shown}\n${fence}`;
};

/** Words within a sentence: what Markdown would obey is escaped, and a mention does not notify. */
export const textInMarkdown = (text: string): string =>
  visibleText(text)
    .replaceAll(/[\\`*_{}[\]()#+!|~>-]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    // Not even escapes keep GitHub from making links of these.
    .replaceAll("@", "@\u200b")
    .replaceAll(/(#|gh\\-)(?=\d)/gi, "$1\u200b")
    .replaceAll(/:\/\//g, ":\u200b//")
    .replaceAll(/www\./gi, "$&\u200b");

const longestTicks = (text: string): number =>
  Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
