import { markdownTable } from "markdown-table";
import { type Action, countActions, type PlannedChange } from "../../ops/terraform/planned-changes.ts";
import { codeInMarkdown } from "../markdown.ts";

/**
 * A plan as reviewers read it: how many of what, then each change, what is lost first. What does not fit is counted; destroys and
 * replacements come before all else, and when not even they fit as a table, their names come as a list.
 * @param limit the most characters.
 */
export const planInMarkdown = (
  environment: string,
  changes: readonly PlannedChange[],
  limit = SUMMARY_CHARACTERS,
): string => {
  const title = `### Plan for ${environment}: ${countActions(changes)}`;
  if (changes.length === 0) return title;
  const [titles = "", delimiters = "", ...rows] = tableInMarkdown(changes).split("\n");
  const head = [title, "", titles, delimiters].join("\n");
  const shown = fitting(rows, limit - head.length - REST_CHARACTERS);
  const losses = changes.filter(({ action }) => action === "destroy" || action === "replace");
  const rest = changes.length - shown.length;
  const lines = [head, ...shown];
  if (rest > 0) lines.push("", `and ${rest} more; the summary of the run has them all`);
  if (shown.length >= losses.length) return lines.join("\n");

  const names = losses.map(({ action, address }) => `- ${LABELS[action]} ${codeInMarkdown(address)}`);
  const listed = fitting(names, limit - title.length - REST_CHARACTERS);
  const unlisted = losses.length - listed.length;
  return [
    title,
    "",
    ...listed,
    "",
    ...(unlisted > 0 ? [`and ${unlisted} more that are destroyed or replaced;`] : []),
    `and ${changes.length - losses.length} other changes; the summary of the run has them all`,
  ].join("\n");
};

/** GitHub takes a summary of 1 MiB for a context. */
const SUMMARY_CHARACTERS = 500_000;

/** What comes below the rows at most. */
const REST_CHARACTERS = 200;

const LABELS: Readonly<Record<Action, string>> = {
  destroy: "**DESTROY**",
  replace: "**REPLACE**, because of",
  forget: "**forget**",
  change: "change",
  add: "add",
};

/** Two lines of titles, then one for each change. */
const tableInMarkdown = (changes: readonly PlannedChange[]): string =>
  markdownTable(
    [
      ["", "resource", "attributes"],
      ...changes.map(({ address, action, attributes }) => [
        LABELS[action],
        codeInMarkdown(address),
        attributes.map(codeInMarkdown).join(", "),
      ]),
    ],
    { alignDelimiters: false },
  );

/** As many of the first lines as have room. */
const fitting = (lines: readonly string[], room: number): readonly string[] => {
  let used = 0;
  const tooLong = lines.findIndex((line) => (used += line.length + 1) > room);
  return tooLong < 0 ? lines : lines.slice(0, tooLong);
};
