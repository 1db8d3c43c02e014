import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lockfileOf, type ZipPackage } from "./zip-packages.ts";

/** Has a folder in which npm finds what is in the zip, and nothing else, for as long as it is used. */
export const inZipProject = async <T>(
  packages: readonly ZipPackage[],
  use: (folder: string) => Promise<T>,
): Promise<T> => {
  const temporary = await mkdtemp(join(tmpdir(), "zip-packages-"));
  const lockfile = lockfileOf(packages);
  try {
    // npm calls a project by its folder.
    const folder = join(temporary, lockfile.name ?? "");
    await mkdir(folder);
    await writeFile(
      join(folder, "package.json"),
      JSON.stringify({ private: true, ...lockfile.packages[""] }),
    );
    await writeFile(join(folder, "package-lock.json"), JSON.stringify(lockfile));
    return await use(folder);
  } finally {
    await rm(temporary, { recursive: true });
  }
};
