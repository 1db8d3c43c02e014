import stringWidth from "string-width";

/** How far the rest of a line is indented, where nothing else is said. */
const HANGING = 4;

/**
 * Breaks lines that are wider than a terminal between words, the rest indented: a terminal breaks them anywhere. A word that is too wide
 * for a line of its own, such as an ARN, is broken after a separator, at last after a hyphen; a part that is still too wide stays whole.
 * @param columns undefined where lines may be of any length.
 * @param hanging how far the rest of a line is indented.
 */
export const fitLines = (text: string, columns: number | undefined, hanging = HANGING): string =>
  columns === undefined
    ? text
    : text
        .split("\n")
        .map((line) => (stringWidth(line) <= columns ? line : breakLine(line, columns, hanging)))
        .join("\n");

const breakLine = (line: string, columns: number, hanging: number): string => {
  const indent = " ".repeat(Math.min(leadingBlanks(line) + hanging, Math.floor(columns / 4)));
  const rows: string[] = [];
  let row = "";
  for (const { blank, word, isTooWide } of wordsOf(line, columns - indent.length)) {
    if (row.trim() !== "" && (isTooWide || stringWidth(row + blank + word) > columns)) {
      rows.push(row);
      row = indent + word;
    } else row += blank + word;
  }
  return [...rows, row].map((each) => each.trimEnd()).join("\n");
};

const leadingBlanks = (line: string): number => line.length - line.trimStart().length;

interface Word {
  readonly blank: string;
  readonly word: string;
  /** It is the beginning of one that is wider than a line: that has lines of its own, which it fills as far as it can. */
  readonly isTooWide: boolean;
}

/** Each with the blanks before it; the parts of one that is too wide have none between them. */
const wordsOf = (line: string, columns: number): readonly Word[] =>
  [...line.matchAll(/( *)([^ ]+)/g)].flatMap(([, blank = "", word = ""]) =>
    stringWidth(word) <= columns
      ? [{ blank, word, isTooWide: false }]
      : partsOf(word, columns).map((part, index) => ({
          blank: index === 0 ? blank : "",
          word: part,
          isTooWide: index === 0,
        })),
  );

const partsOf = (word: string, columns: number): readonly string[] =>
  word.split(SEPARATORS).flatMap((part) => (stringWidth(part) <= columns ? [part] : part.split(HYPHENS)));

/** After any of them, but not between two. */
const SEPARATORS = /(?<=[/:,;=&?|])(?![/:,;=&?|])/;

/** For names of many words, where there is no other way. */
const HYPHENS = /(?<=[-_.])(?![-_.])/;
