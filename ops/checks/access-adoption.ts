import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Check, fail, pass } from "../../checklist/check.ts";
import { lazy } from "../../checklist/lazy.ts";
import { loadEnvironments } from "../../envs/load.ts";
import type { Context } from "../context.ts";
import { type Existing, findContradictions, lookUp } from "../takeover/existing-resources.ts";
import { localStateAddresses, localStateFile } from "../aws/local-state.ts";
import { planTakeover, type TakeoverPlan } from "./takeover-plan.ts";

export interface AccessAdoption extends TakeoverPlan {
  /** What exists and is not in the state of the stack. */
  readonly survey: Check;
}

/**
 * Creates what `access-<environment>` has, corrects it, and takes over what somebody has made by hand.
 * @param repository where the state of the stack is.
 */
export const adoptAccess = (context: Context, repository = REPOSITORY): AccessAdoption => {
  const stack = `access-${context.environment.environment}`;
  const existing = lazy(() => findExisting(context, stack, repository));
  return {
    survey: {
      title: "No names by accident",
      run: async () => {
        const found = await existing();
        const contradictions = await findContradictions(context, found);
        return contradictions.length === 0
          ? pass(`${found.length} resources to take over`)
          : {
              ...fail(contradictions.join("; "), "roles of this repository's workflows, and what is theirs"),
              hint: "Rename or delete what is not this system's, or name other roles in envs/*.json",
            };
      },
    },
    ...planTakeover(
      context,
      stack,
      async () => ({
        imports: (await existing()).map(({ resource: { address }, id }) => ({ to: address, id })),
        overrides: {},
      }),
      "What exists there cannot be changed into what the stack says: rename or delete it by hand first. " +
        `What the stack itself no longer has, npx cdktf deploy ${stack} destroys`,
    ),
  };
};

const findExisting = async (
  context: Context,
  stack: string,
  repository: string,
): Promise<readonly Existing[]> => {
  const known = localStateAddresses(join(repository, localStateFile(stack)));
  // CDKTF takes a second to load, and a comparison does without.
  const { plannedAccess } = await import("../../stacks/planned-resources.ts");
  const planned = plannedAccess(context.environment, loadEnvironments());
  return lookUp(
    context,
    planned.filter(({ address }) => !known.has(address)),
  );
};

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
