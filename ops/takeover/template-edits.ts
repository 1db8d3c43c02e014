import { isNode, isScalar, type Pair, type YAMLMap } from "yaml";
import { ObstacleError } from "../../checklist/errors.ts";

/** What comes in place of a part of a text. */
export interface TemplateEdit {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/** Edits that replace the entries that a map has, and put the others in front of its first one. Values are written as JSON. */
export const setEntries = (
  template: string,
  map: YAMLMap,
  entries: Readonly<Record<string, unknown>>,
): readonly TemplateEdit[] => {
  const pairs = new Map(map.items.map((pair) => [String(pair.key), pair]));
  const replaced = Object.entries(entries).flatMap(([key, value]) => {
    const pair = pairs.get(key);
    return pair === undefined ? [] : [{ ...rangeOf(pair), by: writeEntry(key, value) }];
  });
  const added = Object.entries(entries)
    .filter(([key]) => !pairs.has(key))
    .map(([key, value]) => writeEntry(key, value));
  return added.length === 0 ? replaced : [...replaced, insert(template, map, added)];
};

const insert = (template: string, map: YAMLMap, added: readonly string[]): TemplateEdit => {
  const [first] = map.items;
  const [start = 0] = map.range ?? [];
  if (map.flow === true)
    return { from: start + 1, to: start + 1, by: `${added.join(", ")}${first === undefined ? "" : ", "}` };
  const indent = template.slice(template.lastIndexOf("\n", start - 1) + 1, start);
  const eol = template.includes("\r\n") ? "\r\n" : "\n";
  return { from: start, to: start, by: added.map((entry) => `${entry}${eol}${indent}`).join("") };
};

/** The key in quotes, as JSON wants it and YAML takes it. */
const writeEntry = (key: string, value: unknown): string =>
  `${JSON.stringify(key)}: ${JSON.stringify(value)}`;

const rangeOf = ({ key, value }: Pair): Pick<TemplateEdit, "from" | "to"> => {
  const [from] = (isNode(key) ? key.range : undefined) ?? [];
  const [, to] = (isScalar(value) ? value.range : undefined) ?? [];
  if (from === undefined || to === undefined)
    throw unreadableTemplate(`the value of ${String(key)} is not a plain one`);
  return { from, to };
};

export const applyEdits = (template: string, edits: readonly TemplateEdit[]): string =>
  edits
    // From the end, so that the places before stay where they are; at one place, what is put in front of another comes last.
    .toSorted((one, other) => other.from - one.from || other.to - one.to)
    .reduce((text, { from, to, by }) => text.slice(0, from) + by + text.slice(to), template);

/** What to do about a template that is left as it is. */
export const unreadableTemplate = (reason: string): ObstacleError =>
  new ObstacleError(`the template of the stack cannot be changed here: ${reason}`, {
    hint: "Give the resources that the dry run names DeletionPolicy: Retain by hand, then run the command again",
  });
