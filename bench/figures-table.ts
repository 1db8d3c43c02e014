import { markdownTable } from "markdown-table";

/** In Markdown. The first column is text, the others are figures. */
export const figuresTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  markdownTable([head, ...rows], { align: head.map((_, column) => (column === 0 ? "" : "right")) });
