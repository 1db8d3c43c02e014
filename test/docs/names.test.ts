import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import ts from "typescript";
import { listRooms } from "../../docs/generate/rooms.ts";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** Names that several files declare, each with the reason. */
const SHARED: ReadonlyMap<string, string> = new Map([
  ["handler", "Lambda's configuration asks for it: bench/ measures bundles beside the real one"],
]);

/** The names that a file declares for types, whether exported or not, and those that it exports for anything else. */
const namesIn = (text: string): readonly string[] =>
  ts
    .createSourceFile("file.ts", text, ts.ScriptTarget.Latest)
    .statements.flatMap((statement): string | readonly string[] => {
      if (
        ts.isInterfaceDeclaration(statement) ||
        ts.isTypeAliasDeclaration(statement) ||
        ts.isEnumDeclaration(statement)
      )
        return statement.name.text;
      if (ts.isClassDeclaration(statement)) return statement.name?.text ?? [];
      if (!ts.canHaveModifiers(statement) || !isExported(statement)) return [];
      if (ts.isFunctionDeclaration(statement)) return statement.name?.text ?? [];
      if (!ts.isVariableStatement(statement)) return [];
      return statement.declarationList.declarations.flatMap(({ name }) =>
        ts.isIdentifier(name) ? name.text : [],
      );
    });

const isExported = (statement: ts.HasModifiers): boolean =>
  ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;

/** What is declared more than once, each with the files. */
const findSharedNames = (files: ReadonlyMap<string, string>): readonly string[] => {
  const declared = new Map<string, string[]>();
  for (const [path, text] of files)
    for (const name of namesIn(text)) declared.set(name, [...(declared.get(name) ?? []), path]);
  return [...declared]
    .filter(([name, paths]) => paths.length > 1 && !SHARED.has(name))
    .map(([name, paths]) => `${name}: ${paths.join(", ")}`);
};

describe("One word for one thing", () => {
  it("holds for every type and every export of the rooms: no two have the same name", () => {
    const folders = listRooms()
      .map(({ path }) => path.split("/")[0] ?? path)
      .filter((folder) => folder !== "test");
    const paths = ts.sys
      .readDirectory(
        REPOSITORY,
        [".ts"],
        ["**/node_modules/**"],
        ["main.ts", ...new Set(folders.map((folder) => `${folder}/**/*`))],
      )
      .map((path) => path.slice(REPOSITORY.length));
    expect(paths).to.include.members(["main.ts", "checklist/check.ts", "handler/index.ts"]);
    const files = new Map(paths.map((path) => [path, readFileSync(join(REPOSITORY, path), "utf8")]));
    expect(
      findSharedNames(files),
      "Give one of them a name of its own, import it where it is the same thing, or add it to SHARED with the reason",
    ).to.deep.equal([]);
  });

  it("notices a type that is declared twice, and a function that is exported twice", () => {
    const files = new Map([
      ["one/outcome.ts", "export type Outcome = string;\nexport const decide = () => 1;\nconst own = 1;\n"],
      ["other/outcome.ts", "interface Outcome {}\nexport function decide() {}\nconst own = 2;\n"],
      ["other/handler.ts", "export const handler = 1;\n"],
      ["one/handler.ts", "export const handler = 1;\n"],
    ]);
    expect(findSharedNames(files)).to.deep.equal([
      "Outcome: one/outcome.ts, other/outcome.ts",
      "decide: one/outcome.ts, other/outcome.ts",
    ]);
  });
});
