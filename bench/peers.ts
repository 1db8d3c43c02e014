import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type BuildOptions } from "esbuild";
import { buildHandlerArtifact } from "../build/handler-artifact.ts";
import { bundleSettings, REPOSITORY } from "../build/handler-bundle.ts";
import { WORK } from "./work.ts";

/** One way to do the handler's work, or a part of it, ready to be loaded. */
export interface Peer {
  readonly id: PeerId;
  /** For the tables. */
  readonly title: string;
  readonly language: "node" | "python";
  /** What the worker loads. */
  readonly path: string;
}

export type PeerId = (typeof PEERS)[number]["id"] | "boto3";

const HANDLER = "handler/index.ts";

const PEERS = [
  { id: "handler", title: "This handler, as it is deployed", entry: HANDLER, settings: undefined },
  {
    id: "unbundled",
    title: "This handler, not bundled",
    entry: HANDLER,
    settings: { bundle: true, packages: "external", platform: "node", format: "cjs" },
  },
  {
    id: "defaults",
    title: "This handler, bundled by esbuild's defaults",
    entry: HANDLER,
    settings: { bundle: true, platform: "node" },
  },
  {
    id: "powertools",
    title: "Powertools for TypeScript with its parser",
    entry: "bench/peers/powertools.ts",
    settings: bundleSettings,
  },
  { id: "sdk", title: "The DynamoDB client alone", entry: "bench/peers/sdk.ts", settings: bundleSettings },
  {
    id: "signed",
    title: "A request signed by hand",
    entry: "bench/peers/signed-request.ts",
    settings: bundleSettings,
  },
] as const satisfies readonly {
  id: string;
  title: string;
  entry: string;
  settings: BuildOptions | undefined;
}[];

/** Builds the peers; the one in Python only where Python has what it needs. */
export const preparePeers = async (): Promise<{ peers: readonly Peer[]; left: readonly string[] }> => {
  const peers: Peer[] = [];
  for (const { id, title, entry, settings } of PEERS) {
    const path =
      settings === undefined
        ? (await buildHandlerArtifact(join(WORK, id))).bundlePath
        : await bundle(entry, id, settings);
    peers.push({ id, title, language: "node", path });
  }
  const lack = await pythonLack();
  if (lack !== undefined) return { peers, left: [`boto3 and jsonschema: ${lack}`] };
  return {
    peers: [
      ...peers,
      {
        id: "boto3",
        title: "Python: boto3 and jsonschema",
        language: "python",
        path: join(REPOSITORY, "bench", "peers", "boto3_handler.py"),
      },
    ],
    left: [],
  };
};

/** Bundles a program of this repository so that Node can require it; returns where. */
export const bundle = async (entry: string, id: string, settings: BuildOptions): Promise<string> => {
  const outfile = join(WORK, id, "index.js");
  await build({ absWorkingDir: REPOSITORY, entryPoints: [entry], outfile, logLevel: "error", ...settings });
  await mkdir(WORK, { recursive: true });
  await writeFile(join(WORK, "package.json"), '{ "type": "commonjs" }\n');
  return outfile;
};

const pythonLack = async (): Promise<string | undefined> => {
  try {
    await promisify(execFile)("python3", ["-c", "import boto3, jsonschema"]);
    return undefined;
  } catch {
    return "python3 with both is not on this machine";
  }
};
