import { OperatorError } from "../checklist/errors.ts";
import { isObject } from "../checklist/is-object.ts";

/** What package-lock.json says of a package, as far as it is of interest here. */
export interface LockedPackage {
  readonly name?: string;
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  /** An SPDX expression; of old packages also a list, which says nothing certain. */
  readonly license?: string | readonly string[];
  /** A link to a folder of this machine. */
  readonly link?: boolean;
  /** It comes inside the package above it. */
  readonly inBundle?: boolean;
  readonly bundleDependencies?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** package-lock.json, version 3: every package by the folder that it is installed in. */
export interface Lockfile {
  readonly name?: string;
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/**
 * What is wrong with where the packages come from: each must have a strong checksum, and come from the npm registry. A package
 * without an address comes from there, and what arrives has to match the checksum.
 */
export const lockfileProblems = ({ lockfileVersion, packages }: Lockfile): readonly string[] =>
  lockfileVersion === 3
    ? Object.entries(packages).flatMap(([path, entry]) => {
        const problem = path === "" ? undefined : problemOf(path, entry, packages);
        return problem === undefined ? [] : [`${path} ${problem}`];
      })
    : [`lockfileVersion is ${lockfileVersion}, not 3`];

/**
 * @param name of the file, for the message.
 * @throws {OperatorError} when it is no lock file.
 */
export const asLockfile = (content: unknown, name: string): Lockfile => {
  if (!isLockfile(content)) throw new OperatorError(`${name} is no lock file: it must have packages`);
  return content;
};

const isLockfile = (content: unknown): content is Lockfile =>
  isObject(content) && isObject(content["packages"]) && Object.values(content["packages"]).every(isObject);

const REGISTRY = "https://registry.npmjs.org/";

const problemOf = (
  path: string,
  { link, resolved, integrity, inBundle }: LockedPackage,
  packages: Lockfile["packages"],
): string | undefined => {
  if (link === true || !path.startsWith("node_modules/")) return "is a folder of this machine";
  if (resolved !== undefined && !resolved.startsWith(REGISTRY)) return `comes from ${resolved}`;
  if (integrity === undefined)
    return inBundle === true && comesInsideAnother(path, packages) ? undefined : "has no checksum";
  return /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) ? undefined : `has the weak checksum ${integrity}`;
};

/** Whether a package above it brings packages along, and has a checksum for all of them; it names those that it needs itself. */
const comesInsideAnother = (path: string, packages: Lockfile["packages"]): boolean => {
  const folders = path.split("/node_modules/");
  return folders.some((_, index) => {
    const above = packages[folders.slice(0, index).join("/node_modules/")];
    return above?.integrity !== undefined && (above.bundleDependencies ?? []).length > 0;
  });
};
