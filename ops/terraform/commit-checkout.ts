import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ObstacleError } from "../../checklist/errors.ts";
import type { RunProgram } from "../context.ts";

/** A commit's files, beside this checkout, with their packages. */
export interface CommitCheckout {
  /** Absolute. */
  readonly folder: string;
  readonly remove: () => Promise<void>;
}

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Checks out a commit into a folder of its own. Its packages are installed without their scripts: synthesis needs none.
 * @throws {ObstacleError} when this clone does not have the commit, or npm fails.
 */
export const checkOutCommit = async (runProgram: RunProgram, commit: string): Promise<CommitCheckout> => {
  const parent = await mkdtemp(join(tmpdir(), "commit-"));
  const folder = join(parent, "repository");
  const remove = async (): Promise<void> => {
    await rm(parent, { recursive: true, force: true });
    await runProgram("git", ["worktree", "prune"], { cwd: REPOSITORY });
  };
  try {
    const checkedOut = await runProgram("git", ["worktree", "add", "--detach", folder, commit], {
      cwd: REPOSITORY,
    });
    if (checkedOut !== 0)
      throw new ObstacleError(`git cannot check out ${commit}`, {
        hint: "Fetch it first",
        next: `git fetch origin ${commit}`,
      });
    const installed = await runProgram("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: folder,
    });
    if (installed !== 0) throw new ObstacleError(`npm ci of ${commit} failed with exit code ${installed}`);
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, remove };
};
