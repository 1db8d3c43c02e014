import stringWidth from "string-width";

/** How far the rest of a line is indented, where nothing else is said. */
const HANGING = 4;

interface FitOptions {
  /** How far the rest of a line is indented. */
  readonly hanging?: number | undefined;
  /**
   * What becomes of a word that is too wide for a line of its own. `whole`: it stays one line, which a terminal breaks, but copies as
   * one. `broken`: on lines of its own, after a separator, at last after a hyphen, for what would be broken anywhere else, with a line
   * break in it.
   */
  readonly wideWords?: "whole" | "broken";
}

/**
 * Breaks lines that are wider than a terminal between words, the rest indented: a terminal breaks them anywhere. A command counts as one
 * word: half of it, copied, would do something else.
 * @param columns undefined where lines may be of any length.
 */
export const fitLines = (
  text: string,
  columns: number | undefined,
  { hanging = HANGING, wideWords = "whole" }: FitOptions = {},
): string =>
  columns === undefined
    ? text
    : text
        .split("\n")
        .map((line) => (stringWidth(line) <= columns ? line : breakLine(line, columns, hanging, wideWords)))
        .join("\n");

const breakLine = (
  line: string,
  columns: number,
  hanging: number,
  wideWords: FitOptions["wideWords"],
): string => {
  const indent = " ".repeat(Math.min(leadingBlanks(line) + hanging, Math.floor(columns / 4)));
  const rows: string[] = [];
  let row = "";
  for (const { blank, word, isTooWide } of wideWords === "broken"
    ? partsOf(line, columns - indent.length)
    : wordsOf(line, WORDS)) {
    if (row.trim() !== "" && (isTooWide || stringWidth(row + blank + word) > columns)) {
      rows.push(row);
      row = indent + word;
    } else row += blank + word;
  }
  return [...rows, row].map((each) => each.trimEnd()).join("\n");
};

const leadingBlanks = (line: string): number => line.length - line.trimStart().length;

interface Word {
  /** What is before it. */
  readonly blank: string;
  readonly word: string;
  /** It is the beginning of one that is wider than a line: that has lines of its own, which it fills as far as it can. */
  readonly isTooWide: boolean;
}

const wordsOf = (line: string, words: RegExp): readonly Word[] =>
  [...line.matchAll(words)].map(([, blank = "", word = ""]) => ({ blank, word, isTooWide: false }));

/** As typed: of our own programs and of AWS's, to the end of the sentence, and what an example shows after its `$`. */
const COMMAND = String.raw`\$ .*|[("]?(?:npm run [\w:-]+|aws [a-z0-9-]+ [a-z0-9-]+)(?: (?:"[^"]*"|'[^']*'|[^ ;,]+))*?(?=[;,)]|\.? *$|\. )[;,.)]*`;

const WORDS = new RegExp(`( *)(${COMMAND}|[^ ]+)`, "g");
const WORDS_ALONE = /( *)([^ ]+)/g;

/** The parts of a word that is too wide have no blank between them. */
const partsOf = (line: string, columns: number): readonly Word[] =>
  wordsOf(line, WORDS_ALONE).flatMap((whole) =>
    stringWidth(whole.word) <= columns
      ? [whole]
      : splitWord(whole.word, columns).map((word, index) => ({
          blank: index === 0 ? whole.blank : "",
          word,
          isTooWide: index === 0,
        })),
  );

const splitWord = (word: string, columns: number): readonly string[] =>
  word.split(SEPARATORS).flatMap((part) => (stringWidth(part) <= columns ? [part] : part.split(HYPHENS)));

/** After any of them, but not between two. */
const SEPARATORS = /(?<=[/:,;=&?|])(?![/:,;=&?|])/;

/** For names of many words, where there is no other way. */
const HYPHENS = /(?<=[-_.])(?![-_.])/;
