import { markdownTable } from "markdown-table";
import { type Replacement, replacements } from "../../build/replacements.ts";

/** What is changed in the libraries of the bundle: in which module, what goes, and why. */
export const replacementTable = (all: readonly Replacement[] = replacements): string =>
  markdownTable([
    ["Module", "What goes", "Why"],
    ...all.map((replacement) => [
      `\`${replacement.module}\``,
      whatGoes(replacement),
      inCell(replacement.why),
    ]),
  ]);

const whatGoes = (replacement: Replacement): string =>
  "passage" in replacement
    ? `what matches \`${inCell(replacement.passage.source)}\``
    : `all of it; in its place: ${inCode(replacement.contents)}`;

/** As one line, cut where it says enough. */
const inCode = (contents: string): string => {
  const line = contents.trim().replaceAll(/\s+/g, " ");
  return `\`${inCell(line.length > MOST ? `${line.slice(0, MOST - 1)}…` : line)}\``;
};

const MOST = 120;

const inCell = (text: string): string => text.replaceAll("`", "'").replaceAll("|", "\\|");
