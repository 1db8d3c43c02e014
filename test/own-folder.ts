import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";

/** A folder of this process, which is gone when the process ends. */
export const makeOwnFolder = (parent: string, prefix: string): string => {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, prefix));
  process.once("exit", () => {
    rmSync(folder, { recursive: true });
  });
  return folder;
};
