import type { ZipContents } from "../build/current-build.ts";
import type { LockedPackage, Lockfile } from "./lockfile.ts";

/** A package of which code is in the zip. */
export interface ZipPackage {
  /** Where it is installed: `node_modules/@smithy/core`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly license: string;
  readonly locked: LockedPackage;
}

/**
 * The packages that have come into the bundle, by what esbuild says it is made of, sorted by path.
 * @throws {Error} when the lock file does not know one, or not its licence: nothing could be said of what is shipped then.
 */
export const zipPackages = ({ outputs }: ZipContents, { packages }: Lockfile): readonly ZipPackage[] => {
  const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
  const paths = new Set(inputs.flatMap((input) => PACKAGE_FOLDER.exec(input)?.[0] ?? []));
  return [...paths].sort().map((path) => {
    const locked = packages[path];
    const name = path.replace(/^.*node_modules\//, "");
    if (locked?.version === undefined) throw new Error(`package-lock.json does not know ${path}`);
    if (typeof locked.license !== "string") throw new Error(`The licence of ${name} is not known`);
    return { path, name, version: locked.version, license: locked.license, locked };
  });
};

const PACKAGE_FOLDER = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;

/**
 * A lock file with these packages and no others, by which npm's own tools say what they say of a project: its vulnerabilities,
 * its bill of materials.
 */
export const lockfileOf = (packages: readonly ZipPackage[]): Lockfile => {
  const included = new Set(packages.map(({ name }) => name));
  const dependencies = Object.fromEntries(packages.map(({ name, version }) => [name, version]));
  return {
    name: "ecs-tenant-event-handler.zip",
    lockfileVersion: 3,
    packages: {
      "": { name: "ecs-tenant-event-handler.zip", version: "1.0.0", dependencies },
      ...Object.fromEntries(
        packages.map(({ path, version, license, locked }) => [
          path,
          {
            version,
            license,
            integrity: locked.integrity,
            dependencies: Object.fromEntries(
              Object.entries(locked.dependencies ?? {}).filter(([name]) => included.has(name)),
            ),
          },
        ]),
      ),
    },
  };
};
