import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TRANSCRIPTS = fileURLToPath(new URL("../transcripts/", import.meta.url));

/**
 * Links to what commands print: each file of docs/transcripts/ is the record of one, as a rehearsal left it, beginning
 * with the command line. The environment may be one of the rehearsal alone.
 */
export const transcripts = (folder = TRANSCRIPTS): string => {
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".txt")) : [];
  if (names.length === 0) return "No rehearsal has been recorded here yet.";
  return names
    .sort()
    .map((name) => `- [\`${commandOf(readFileSync(join(folder, name), "utf8"))}\`](transcripts/${name})`)
    .join("\n");
};

const commandOf = (record: string): string =>
  record
    .split("\n", 1)[0]
    ?.replace(/^\$ npm run /, "")
    .replace("ops -- ", "ops ") ?? "";
