import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * A new folder for a copy of this repository's sources: the first of `<name>-0`, `<name>-1`, … that nobody has. tsx finds what it
 * has compiled by a file's path and content, so a random path would have it compile everything again, and keep that for a week.
 */
export const makeFolderForSources = (name: string): string => {
  for (let number = 0; ; number++) {
    const folder = join(tmpdir(), `${name}-${number}`);
    try {
      mkdirSync(folder, { mode: 0o700 });
      return folder;
    } catch (error) {
      if (!isTaken(error)) throw error;
    }
  }
};

const isTaken = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "EEXIST";
