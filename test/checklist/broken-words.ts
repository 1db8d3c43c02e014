import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";

/** Lines that do not fit, and words that are in no wide output: a break inside a word has made two of one. */
export interface Breaks {
  readonly tooWide: readonly string[];
  readonly brokenWords: readonly string[];
}

/** @param wide what the same command prints where there is room for all. */
export const findBreaks = (narrow: string, wide: string, columns: number): Breaks => {
  const text = stripVTControlCharacters(narrow);
  const whole = ` ${stripVTControlCharacters(wide).replaceAll(/[\s()]+/g, " ")} `;
  return {
    // A word that nothing can be done about is alone on its line, and a command is one.
    tooWide: text
      .split("\n")
      .filter((line) => stringWidth(line) > columns && line.trim().includes(" ") && !isCommand(line)),
    brokenWords: [...new Set(text.split(/,?[\s()]+/))].filter(
      (word) => !isCut(word) && !isMark(word) && !isWordOf(word, whole),
    ),
  };
};

const isCommand = (line: string): boolean => /^ *(?:\$ )?(?:npm run|aws) /.test(line);

/** It says so itself. */
const isCut = (word: string): boolean => word.includes("…") || word.includes("″");

/** Those of a live list, and of a progress bar. */
const isMark = (word: string): boolean => /^[^\p{L}\p{N}]*$/u.test(word);

/** It begins and ends where a word, or a part of a long name, begins and ends. */
const isWordOf = (word: string, whole: string): boolean => {
  for (let at = whole.indexOf(word); at !== -1; at = whole.indexOf(word, at + 1)) {
    const before = whole.charAt(at - 1);
    const after = whole.charAt(at + word.length);
    if (/[-_./:,;=&?| ]/.test(before) && (/[ :.,]/.test(after) || /[-_./:,;=&?|]$/.test(word))) return true;
  }
  return false;
};
