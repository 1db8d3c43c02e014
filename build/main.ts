import { dirname, join, relative } from "node:path";
import { createCommandLine } from "../checklist/command-line.ts";
import { tolerateClosedOutput } from "../checklist/closed-output.ts";
import { formatTable } from "../checklist/table.ts";
import { visibleLines } from "../checklist/visible.ts";
import { composition } from "./composition.ts";
import { buildHandlerArtifact } from "./handler-artifact.ts";
import { TransitionsError } from "./transitions-check.ts";

/** `npm run build` */
tolerateClosedOutput();
const { analyze } = createCommandLine(
  "build",
  "Builds the functions into dist/handler.zip, and says what came of it.",
)
  .option("--analyze", "also say what the bundle consists of")
  .parse()
  .opts();
try {
  const { bundlePath, fileBytes, zipPath, zipBytes, codeSha256, metafile } = await buildHandlerArtifact();
  for (const [name, bytes] of Object.entries(fileBytes))
    console.log(`${relative(process.cwd(), join(dirname(bundlePath), name))}  ${kilobytes(bytes)}`);
  console.log(`${relative(process.cwd(), zipPath)}  ${kilobytes(zipBytes)}  CodeSha256 ${codeSha256}`);
  if (analyze === true) {
    const rows = composition(metafile).map(({ name, modules, bytes }) => [name, modules, bytes]);
    console.log(`\n${formatTable(["package", "modules", "bytes"], rows, { figures: true })}`);
  }
} catch (error) {
  if (!(error instanceof TransitionsError)) throw error;
  console.error(visibleLines(error.message));
  process.exitCode = 1;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
