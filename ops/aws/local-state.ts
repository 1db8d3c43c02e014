import { existsSync, readFileSync } from "node:fs";
import { ObstacleError } from "../../checklist/errors.ts";
import { stateAddresses } from "./terraform-state.ts";

/** Where the stacks that an administrator deploys keep their state: beside the sources. */
export const localStateFile = (stack: string): string => `terraform.${stack}.tfstate`;

/**
 * The addresses of the resources that a local state has; none where there is no such file yet.
 * @throws {ObstacleError} for a file that is no state.
 */
export const localStateAddresses = (file: string): ReadonlySet<string> => {
  if (!existsSync(file)) return new Set();
  try {
    return stateAddresses(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new ObstacleError(`${file} is no Terraform state`, {
      hint: "Move it away, then run the command again: it makes a new one",
      cause,
    });
  }
};
