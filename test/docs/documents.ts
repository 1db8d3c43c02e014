import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

/** What people read: their paths in the repository. */
export const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...["docs", "docs/decisions"].flatMap((folder) =>
    readdirSync(join(repository, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  ),
];

export const readDocument = (path: string): string => readFileSync(join(repository, path), "utf8");

/** The commands of a document, as they would be typed: those of its shell blocks, and `npm …` and `npx …` amid its text. */
export const commandsOf = (document: string): readonly string[] => [
  ...[...document.matchAll(/^([ \t]*)```(?:sh|bash|shell)\n([^]*?)^\1```/gm)].flatMap(([, , block = ""]) =>
    block
      .replaceAll("\\\n", " ")
      .split("\n")
      .flatMap((line) => line.split(" && "))
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#")),
  ),
  ...[...withoutBlocks(document).matchAll(/`(np[mx] [^`]+)`/g)].map(([, command = ""]) => command),
];

export const withoutBlocks = (document: string): string =>
  document.replaceAll(/^([ \t]*)```[^]*?^\1```/gm, "");
