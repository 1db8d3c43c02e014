import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createCommandLine } from "../../checklist/command-line.ts";
import { tolerateClosedOutput } from "../../checklist/closed-output.ts";
import { renderDocument } from "./render-document.ts";
import { generatedSections } from "./sections.ts";

/** `npm run docs` */
tolerateClosedOutput();
createCommandLine("docs", "Brings the generated sections of the documents up to date.").parse();
for (const [name, sections] of Object.entries(generatedSections())) {
  const path = fileURLToPath(new URL(`../${name}`, import.meta.url));
  const before = readFileSync(path, "utf8");
  const after = await renderDocument(before, sections);
  writeFileSync(path, after);
  console.log(`docs/${name} ${after === before ? "is up to date" : "is brought up to date"}`);
}
