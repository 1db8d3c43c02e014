import { markdownTable } from "markdown-table";
import { type Action, countActions, type PlannedChange } from "../../ops/terraform/planned-changes.ts";

/** A plan as reviewers read it: how many of what, then each change, what is lost first. */
export const planInMarkdown = (environment: string, changes: readonly PlannedChange[]): string => {
  if (changes.length === 0) return `### Plan for ${environment}: nothing to do`;
  const shown = changes.slice(0, MAX_ROWS);
  const rest = changes.length - shown.length;
  return [
    `### Plan for ${environment}: ${countActions(changes)}`,
    "",
    markdownTable(
      [
        ["", "resource", "attributes"],
        ...shown.map(({ address, action, attributes }) => [
          LABELS[action],
          codeInMarkdown(address),
          attributes.map(codeInMarkdown).join(", "),
        ]),
      ],
      { alignDelimiters: false },
    ),
    ...(rest > 0 ? ["", `and ${rest} more; the log of the run has them all`] : []),
  ].join("\n");
};

/** GitHub takes a comment of 65,536 characters. */
const MAX_ROWS = 150;

const LABELS: Readonly<Record<Action, string>> = {
  destroy: "**DESTROY**",
  replace: "**REPLACE**, because of",
  forget: "**forget**",
  change: "change",
  add: "add",
};

/** In a table a bar would end the cell, and a backtick the code. */
export const codeInMarkdown = (text: string): string =>
  `\`${text.replaceAll("`", "'").replaceAll("|", "\\|")}\``;
