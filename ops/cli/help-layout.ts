import type { HelpConfiguration } from "@commander-js/extra-typings";
import { fitLines } from "../../checklist/fit-lines.ts";

/** In a wider terminal, lines would be hard to read. */
const WIDEST = 100;

/** With less beside its name, what is said of an option goes below it. */
const NARROWEST_BESIDE = 30;

const INDENT = "  ";

/**
 * How commander lays out the help.
 * @param columns the terminal's; undefined where lines may be of any length.
 */
export const helpLayout = (columns: number | undefined): HelpConfiguration => {
  const width = columns === undefined ? undefined : Math.min(columns, WIDEST);
  const fit = (text: string, room: number | undefined): string => fitLines(text, room, { hanging: 0 });
  return {
    // The longest that there is: commander has its own idea of no terminal.
    helpWidth: width ?? Number.MAX_SAFE_INTEGER,
    boxWrap: (text, room) => fit(text, width === undefined ? undefined : room),
    formatItem: (term, termWidth, description) => {
      const beside = `${INDENT}${term.padEnd(termWidth)}${INDENT}`;
      if (description === "") return `${INDENT}${term}`;
      if (width === undefined) return `${beside}${description}`;
      return width - beside.length < NARROWEST_BESIDE
        ? [
            `${INDENT}${term}`,
            ...indented(fit(description, width - 3 * INDENT.length), 3 * INDENT.length),
          ].join("\n")
        : `${beside}${indented(fit(description, width - beside.length), beside.length)
            .join("\n")
            .trimStart()}`;
    },
  };
};

const indented = (text: string, indent: number): readonly string[] =>
  text.split("\n").map((line) => " ".repeat(indent) + line);
