import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build, type BuildOptions } from "esbuild";
import { buildHandlerArtifact } from "../build/handler-artifact.ts";
import { bundleSettings } from "../build/bundle-settings.ts";
import { REPOSITORY } from "../build/handler-bundle.ts";
import { WORK } from "./work.ts";

/** One way to do the handler's work, or a part of it, ready to be loaded. */
export interface Variant {
  readonly id: VariantId;
  /** For the tables. */
  readonly title: string;
  readonly language: "node" | "python";
  /** What the worker loads. */
  readonly path: string;
}

export type VariantId = (typeof VARIANTS)[number]["id"] | "boto3";

const HANDLER = "handler/index.ts";

const VARIANTS = [
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
    entry: "bench/variants/powertools.ts",
    settings: bundleSettings,
  },
  { id: "sdk", title: "The DynamoDB client alone", entry: "bench/variants/sdk.ts", settings: bundleSettings },
  {
    id: "signed",
    title: "A request signed by hand",
    entry: "bench/variants/signed-request.ts",
    settings: bundleSettings,
  },
] as const satisfies readonly {
  id: string;
  title: string;
  entry: string;
  settings: BuildOptions | undefined;
}[];

/** Builds the variants; the one in Python only where Python has what it needs. */
export const prepareVariants = async (): Promise<{
  variants: readonly Variant[];
  left: readonly string[];
}> => {
  const variants: Variant[] = [];
  for (const { id, title, entry, settings } of VARIANTS) {
    const path =
      settings === undefined
        ? (await buildHandlerArtifact(join(WORK, id))).bundlePath
        : await bundle(entry, id, settings);
    variants.push({ id, title, language: "node", path });
  }
  const lack = await pythonLack();
  if (lack !== undefined) return { variants, left: [`boto3 and jsonschema: ${lack}`] };
  return {
    variants: [
      ...variants,
      {
        id: "boto3",
        title: "Python: boto3 and jsonschema",
        language: "python",
        path: join(REPOSITORY, "bench", "variants", "boto3_handler.py"),
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
