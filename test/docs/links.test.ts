import { expect } from "chai";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { documents, readDocument, repository, withoutBlocks } from "./documents.ts";

/** The relative links of a document that lead nowhere. */
const brokenLinks = (path: string, document: string): string[] =>
  [...withoutBlocks(document).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)]
    .map(([, link = ""]) => link)
    .filter((link) => {
      const [file = "", anchor] = link.split("#");
      const target = file === "" ? path : relative(repository, join(repository, dirname(path), file));
      if (!existsSync(join(repository, target))) return true;
      return (
        anchor !== undefined && !anchorsOf(target === path ? document : readDocument(target)).includes(anchor)
      );
    });

/** As GitHub makes them of headings. */
const anchorsOf = (document: string): string[] =>
  [...withoutBlocks(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

describe("the documents' links", () => {
  for (const path of documents) {
    it(`lead somewhere, in ${path}`, () => {
      expect(brokenLinks(path, readDocument(path))).to.deep.equal([]);
    });
  }

  it("lead nowhere when a file or a heading is missing", () => {
    const document =
      "# A. Title\n\n[a](#a-title) [b](runbook.md#1-overview) [c](runbok.md) [d](#b) [e](runbook.md#x)";
    expect(brokenLinks("docs/architecture.md", document)).to.deep.equal(["runbok.md", "#b", "runbook.md#x"]);
  });
});
