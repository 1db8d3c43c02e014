import { relative } from "node:path";
import { parseArgs } from "node:util";
import { formatTable } from "../checklist/table.ts";
import { composition } from "./composition.ts";
import { buildHandlerArtifact } from "./handler-artifact.ts";
import { TransitionsError } from "./transitions-check.ts";
import { isWrongOption } from "./wrong-option.ts";

/** `npm run build`: builds the handler and says what came of it; with `--analyze`, also what it consists of. */
try {
  const { analyze } = parseArgs({ options: { analyze: { type: "boolean", default: false } } }).values;
  const { bundlePath, bundleBytes, zipPath, zipBytes, codeSha256, metafile } = await buildHandlerArtifact();
  console.log(`${relative(process.cwd(), bundlePath)}  ${kilobytes(bundleBytes)}`);
  console.log(`${relative(process.cwd(), zipPath)}  ${kilobytes(zipBytes)}  CodeSha256 ${codeSha256}`);
  if (analyze) {
    const rows = composition(metafile).map(({ name, modules, bytes }) => [name, modules, bytes]);
    console.log(`\n${formatTable(["package", "modules", "bytes"], rows, { figures: true })}`);
  }
} catch (error) {
  if (!(isWrongOption(error) || error instanceof TransitionsError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
