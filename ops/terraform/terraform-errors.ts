/**
 * What Terraform says that went wrong: which resource and why, a line for each error. Empty when it says nothing of the kind.
 * Pure.
 */
export const terraformErrors = (output: string): readonly string[] => {
  const blocks = output
    .split("\n")
    .map((line) => line.replace(/^[│╷╵]\s?/, "").trimEnd())
    .join("\n")
    .split(/^(?=(?:Error|Warning): )/m)
    .filter((block) => block.startsWith("Error: "));
  return [...new Set(blocks.map(describe))];
};

const describe = (block: string): string => {
  const [first = "", ...paragraphs] = block.split(/\n\s*\n/);
  const summary = oneLine(first.slice("Error: ".length));
  const [, resource] = /^\s+with (\S+?),?$/m.exec(block) ?? [];
  const holder = describeLock(block);
  const detail = paragraphs.find((paragraph) => paragraph.trim() !== "" && !/^\s+(with|on) /.test(paragraph));
  const why = holder ?? (detail === undefined || summary.length > ENOUGH ? undefined : cut(oneLine(detail)));
  return [
    ...(resource === undefined ? [] : [resource]),
    cut(summary),
    ...(why === undefined ? [] : [why]),
  ].join(": ");
};

/** `someone else is at work: jo@laptop, OperationTypeApply, since …` of a lock that Terraform could not get. */
const describeLock = (block: string): string | undefined => {
  const field = (name: string): string | undefined =>
    new RegExp(`^\\s+${name}:\\s+(\\S.*)$`, "m").exec(block)?.[1];
  const [who, operation, created] = [field("Who"), field("Operation"), field("Created")];
  return who === undefined
    ? undefined
    : `someone else is at work: ${who}, ${operation ?? "?"}, since ${created ?? "?"}`;
};

const oneLine = (text: string): string => text.trim().replaceAll(/\s+/g, " ");

/** Characters: the errors of the provider name request ids and endpoints at length. */
const MOST = 400;
/** A summary of this length says it all. */
const ENOUGH = 80;

const cut = (text: string): string => (text.length <= MOST ? text : `${text.slice(0, MOST)}…`);
