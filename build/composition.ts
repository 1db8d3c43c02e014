import type { Metafile } from "esbuild";

/** What one package, or a room of this repository, contributes to the bundle. */
export interface Share {
  readonly name: string;
  readonly modules: number;
  readonly bytes: number;
}

/** What the bundle consists of, the biggest share first; the shares add up to the bundle. */
export const composition = (metafile: Metafile): readonly Share[] => {
  const bundle = metafile.outputs["index.js"];
  if (bundle === undefined) throw new Error("The metafile does not describe index.js");

  const shares = new Map<string, Share>();
  const add = (name: string, modules: number, bytes: number): void => {
    const share = shares.get(name) ?? { name, modules: 0, bytes: 0 };
    shares.set(name, { name, modules: share.modules + modules, bytes: share.bytes + bytes });
  };
  for (const [path, { bytesInOutput }] of Object.entries(bundle.inputs)) add(owner(path), 1, bytesInOutput);
  const inputs = [...shares.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  add("(between the modules)", 0, bundle.bytes - inputs);
  return [...shares.values()].sort((a, b) => b.bytes - a.bytes || a.name.localeCompare(b.name));
};

/** The package that a module belongs to, the innermost where packages nest; of our own modules, their room. */
const owner = (path: string): string =>
  /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path.slice(0, path.indexOf("/"));
