import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeFolderForSources } from "./folder-for-sources.ts";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/**
 * The repository with a `dist/` of its own: other test files, which may run at the same time, leave their plans elsewhere. Its stacks
 * are synthesized once, and once with the substitutes; what is synthesized after that is a copy.
 */
export const linkedRepository = (): string => {
  const folder = makeFolderForSources("linked-repository");
  for (const name of readdirSync(REPOSITORY))
    if (name !== "dist" && name !== "main.ts") symlinkSync(join(REPOSITORY, name), join(folder, name));
  mkdirSync(join(folder, "dist"));
  writeFileSync(join(folder, "main.ts"), mainOf(join(REPOSITORY, "main.ts"), join(folder, "synthesized")));
  return folder;
};

const mainOf = (main: string, synthesized: string): string => `
import { cpSync, existsSync } from "node:fs";
const synthesized = ${JSON.stringify(synthesized)} + (process.env.SUBSTITUTE_PROVIDER ?? "");
const outdir = process.env.CDKTF_OUTDIR;
if (existsSync(synthesized)) cpSync(synthesized, outdir + "/stacks", { recursive: true });
else {
  await import(${JSON.stringify(main)});
  cpSync(outdir + "/stacks", synthesized, { recursive: true });
}
`;
