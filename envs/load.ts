import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "./environment.ts";
import { findProblems, isEnvironment } from "./environment-check.ts";
import { EnvironmentFileError, UnknownEnvironmentError } from "./errors.ts";

const ENVS = fileURLToPath(new URL(".", import.meta.url));

/**
 * Reads one environment.
 * @throws {UnknownEnvironmentError} naming those that there are.
 * @throws {EnvironmentFileError} naming the file, every path in it that is wrong and what is allowed there.
 */
export const loadEnvironment = (name: string, folder = ENVS): Environment => {
  const known = listEnvironments(folder);
  if (!known.includes(name)) throw new UnknownEnvironmentError(name, known);
  return readEnvironment(join(folder, `${name}.json`), known);
};

/**
 * Reads all environments, in the order of their names.
 * @throws {EnvironmentFileError} as loadEnvironment does.
 */
export const loadEnvironments = (folder = ENVS): readonly Environment[] => {
  const known = listEnvironments(folder);
  return known.map((name) => readEnvironment(join(folder, `${name}.json`), known));
};

/** The names of the environments: each file of the folder is one. */
export const listEnvironments = (folder = ENVS): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".json") && !file.endsWith(".schema.json"))
    .map((file) => basename(file, ".json"))
    .sort();

const readEnvironment = (path: string, known: readonly string[]): Environment => {
  const file = relative(process.cwd(), path);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new EnvironmentFileError(file, [error instanceof Error ? error.message : String(error)], {
      cause: error,
    });
  }
  const problems = findProblems(content, basename(path, ".json"), known);
  if (problems.length > 0 || !isEnvironment(content)) throw new EnvironmentFileError(file, problems);
  return content;
};
