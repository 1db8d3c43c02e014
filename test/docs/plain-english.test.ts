import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { listRooms } from "../../docs/generate/rooms.ts";
import { documents, readDocument, repository } from "./documents.ts";

/** Words that no operator would use, each with the usual one. */
const USUAL: ReadonlyMap<string, string> = new Map([
  ["mend", "fix"],
  ["mended", "fixed"],
  ["anew", "again"],
  ["shall", "must"],
  ["whoever", "anyone who"],
  ["for ever", "forever"],
]);

const UNUSUAL = new RegExp(`\\b(?:${[...USUAL.keys()].join("|")})\\b`, "gi");

/** `file:line: word, say other` for each. */
const findUnusualWords = (path: string, text: string): readonly string[] =>
  text
    .split("\n")
    .flatMap((line, index) =>
      (line.match(UNUSUAL) ?? []).map(
        (word) => `${path}:${index + 1}: ${word}, say ${USUAL.get(word.toLowerCase()) ?? ""}`,
      ),
    );

describe("Plain English", () => {
  it("has the usual words in every document and every source", () => {
    const folders = new Set(listRooms().map(({ path }) => path.split("/")[0] ?? path));
    const sources = ts.sys
      .readDirectory(
        repository,
        [".ts"],
        ["**/node_modules/**", "test/docs/plain-english.test.ts"],
        [...folders].map((folder) => `${folder}/**/*`),
      )
      .map((path) => path.slice(repository.length));
    expect(sources).to.include("handler/handler.ts");
    expect([
      ...documents.flatMap((path) => findUnusualWords(path, readDocument(path))),
      ...sources.flatMap((path) => findUnusualWords(path, readFileSync(join(repository, path), "utf8"))),
    ]).to.deep.equal([]);
  });

  it("notices the others, with the line", () => {
    expect(findUnusualWords("a.md", "Deploy it.\nWhoever deploys shall wait.")).to.deep.equal([
      "a.md:2: Whoever, say anyone who",
      "a.md:2: shall, say must",
    ]);
    expect(findUnusualWords("a.md", "Amended, a marshalled recommendation.")).to.deep.equal([]);
  });
});
