import { ObstacleError } from "../../checklist/errors.ts";
import { isNotFound } from "../aws/explain-error.ts";
import type { Context } from "../context.ts";

/** The arguments of a resource, references resolved. */
export type ResourceConfig = Readonly<Record<string, unknown>>;

/** How resources of one of Terraform's types are found in the account. */
export interface ResourceType {
  /** The id by which `terraform import` knows it; undefined when there is no such resource. */
  readonly find: (context: Context, config: ResourceConfig) => Promise<string | undefined>;
  /** Why what was found cannot be this system's, in words; undefined when it can. */
  readonly contradiction?: (context: Context, config: ResourceConfig) => Promise<string | undefined>;
}

/** @throws {ObstacleError} when the stack does not say: it cannot be looked up then. */
export const textOf = (config: ResourceConfig, argument: string): string => {
  const value = config[argument];
  if (typeof value !== "string" || value.includes("${"))
    throw new ObstacleError(`the stack does not say the ${argument} of a resource`);
  return value;
};

/** What was asked for; undefined when AWS says that there is no such thing. */
export const ifFound = async <T>(ask: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await ask();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
};
