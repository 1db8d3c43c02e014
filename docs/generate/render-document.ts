import { fileURLToPath } from "node:url";
import { format, resolveConfig } from "prettier";

/**
 * Puts each generated section between its markers, `<!-- generated: name -->` and `<!-- end: name -->`, formatted as the
 * repository's documents are.
 * @throws {Error} when the document lacks a section's markers.
 */
export const renderDocument = async (
  document: string,
  sections: Readonly<Record<string, string>>,
): Promise<string> => {
  const style = { ...(await resolveConfig(REPOSITORY)), parser: "markdown" };
  const formatted = Object.entries(sections).map(
    async ([name, content]) => [name, await format(content, style)] as const,
  );
  return (await Promise.all(formatted)).reduce(replaceSection, document);
};

const replaceSection = (document: string, [name, content]: readonly [string, string]): string => {
  const begin = `<!-- generated: ${name} -->`;
  const end = `<!-- end: ${name} -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`The document has no place for ${name}: ${begin} and then ${end}`);
  return `${document.slice(0, from + begin.length)}\n\n${content}\n${document.slice(to)}`;
};

const REPOSITORY = fileURLToPath(new URL("../../package.json", import.meta.url));
