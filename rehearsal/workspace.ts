import { cp, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));

/** All that a deployment is made from. */
const SOURCES = [
  "main.ts",
  "cdktf.json",
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "build",
  "checklist",
  "ci",
  "envs",
  "handler",
  "ops",
  "page",
  "reconcile",
  "reconciler",
  "stacks",
];

/**
 * Copies the repository's sources into a folder: what a rehearsal changes there, a new release or a Terraform state, is
 * none of the developer's.
 */
export const createWorkspace = async (folder: string): Promise<void> => {
  await mkdir(folder, { recursive: true });
  for (const source of SOURCES) await cp(join(REPOSITORY, source), join(folder, source), { recursive: true });
  await symlink(join(REPOSITORY, "node_modules"), join(folder, "node_modules"));
};
