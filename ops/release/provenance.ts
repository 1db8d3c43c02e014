import { readFile } from "node:fs/promises";
import { ObstacleError } from "../../checklist/errors.ts";
import type { Origin } from "../aws/lambda/release-record.ts";
import { isObject } from "../../checklist/is-object.ts";

/** Where the bytes of a release come from. It travels with them as a file, from the build to each environment. */
export interface Provenance {
  /** What Lambda reports of a function that runs these bytes, in every account. */
  readonly codeSha256: string;
  readonly bytes: number;
  /** `owner/name` on GitHub. */
  readonly repository: string;
  readonly origin: Origin;
  /** The version whose code they are; null when they were built by this very run. */
  readonly promotedFrom: { readonly environment: string; readonly version: string } | null;
}

/** @throws {ObstacleError} when there is no such file, or it is no provenance. */
export const readProvenance = async (path: string): Promise<Provenance> => {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new ObstacleError(`${path} cannot be read`, {
      hint: "An earlier job of the workflow run makes it: run the workflow from its beginning",
      cause: error,
    });
  }
  if (!isProvenance(content)) throw new ObstacleError(`${path} is not the provenance of a release`);
  return content;
};

const isProvenance = (content: unknown): content is Provenance =>
  isObject(content) &&
  typeof content["codeSha256"] === "string" &&
  typeof content["bytes"] === "number" &&
  typeof content["repository"] === "string" &&
  isOrigin(content["origin"]) &&
  (content["promotedFrom"] === null || isPlace(content["promotedFrom"]));

const isOrigin = (value: unknown): value is Origin =>
  isObject(value) &&
  (value["kind"] === "machine" ||
    (value["kind"] === "workflow" &&
      typeof value["commit"] === "string" &&
      /^[0-9a-f]{40}$/.test(value["commit"]) &&
      typeof value["run"] === "string" &&
      /^\d+$/.test(value["run"]) &&
      ["undefined", "string"].includes(typeof value["gatesSkippedBy"])));

const isPlace = (value: unknown): boolean =>
  isObject(value) && typeof value["environment"] === "string" && typeof value["version"] === "string";
