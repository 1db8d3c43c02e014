import { mkdirSync, mkdtempSync, readdirSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/** The repository with a `dist/` of its own: other test files, which may run at the same time, leave their plans elsewhere. */
export const linkedRepository = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "repository-"));
  for (const name of readdirSync(REPOSITORY))
    if (name !== "dist") symlinkSync(join(REPOSITORY, name), join(folder, name));
  mkdirSync(join(folder, "dist"));
  return folder;
};
