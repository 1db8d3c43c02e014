import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { StepError } from "../errors.ts";

/** Where the bytes of a release come from. */
export interface Provenance {
  /** What Lambda reports of a function that runs these bytes; so it follows them through all environments. */
  readonly codeSha256: string;
  readonly bytes: number;
  readonly origin: Origin;
}

export type Origin =
  | { readonly kind: "built"; readonly repository: string; readonly commit: string; readonly run: string }
  /** Taken from a function as it runs. */
  | {
      readonly kind: "promoted";
      readonly from: string;
      readonly functionArn: string;
      readonly version: string;
    };

/** The files of a release, in `dist/release/`: the artifact that one job hands to the next. */
export const releaseFiles = (repository: string): { folder: string; zip: string; provenance: string } => {
  const folder = join(repository, "dist", "release");
  return { folder, zip: join(folder, "handler.zip"), provenance: join(folder, "provenance.json") };
};

/** @throws {StepError} when there is none, or it is not ours. */
export const readProvenance = async (path: string): Promise<Provenance> => {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new StepError(`${path} cannot be read: an earlier job of the run makes it`, { cause: error });
  }
  if (!isProvenance(content)) throw new StepError(`${path} is no provenance of a release`);
  return content;
};

export const describeOrigin = (origin: Origin): string => {
  switch (origin.kind) {
    case "built":
      return `built from ${origin.commit} in ${origin.run}`;
    case "promoted":
      return `version ${origin.version} of ${origin.from}`;
  }
};

const isProvenance = (content: unknown): content is Provenance =>
  isObject(content) &&
  typeof content["codeSha256"] === "string" &&
  typeof content["bytes"] === "number" &&
  isOrigin(content["origin"]);

const isOrigin = (origin: unknown): origin is Origin =>
  isObject(origin) &&
  (origin["kind"] === "built"
    ? ["repository", "commit", "run"].every((property) => typeof origin[property] === "string")
    : origin["kind"] === "promoted" &&
      ["from", "functionArn", "version"].every((property) => typeof origin[property] === "string"));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
