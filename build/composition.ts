import type { ZipContents } from "./current-build.ts";

/** What one package, or a room of this repository, contributes to the function's files. */
export interface Share {
  readonly name: string;
  readonly modules: number;
  readonly bytes: number;
}

/** What the files consist of, the biggest share first; the shares add up to the files. */
export const composition = ({ outputs }: ZipContents): readonly Share[] => {
  const shares = new Map<string, Share>();
  const add = (name: string, modules: number, bytes: number): void => {
    const share = shares.get(name) ?? { name, modules: 0, bytes: 0 };
    shares.set(name, { name, modules: share.modules + modules, bytes: share.bytes + bytes });
  };
  const files = Object.values(outputs);
  for (const { inputs } of files) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) add(owner(path), 1, bytesInOutput);
  }
  const ofModules = [...shares.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  add("(between the modules)", 0, files.reduce((sum, { bytes }) => sum + bytes, 0) - ofModules);
  return [...shares.values()].sort((a, b) => b.bytes - a.bytes || a.name.localeCompare(b.name));
};

/** The package that a module belongs to, the innermost where packages nest; of our own modules, their room. */
const owner = (path: string): string =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.slice(0, path.indexOf("/"));
