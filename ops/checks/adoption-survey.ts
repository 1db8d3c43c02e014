import { type Check, fail, pass } from "../../checklist/check.ts";
import { requireSettled } from "../aws/cloudformation/stack.ts";
import type { Context } from "../context.ts";
import type { Adoption } from "../takeover/adoption.ts";
import { findContradictions } from "../takeover/existing-resources.ts";

/** What must be so before anything of an old version is touched. */
export const adoptionSurvey = (context: Context, adoption: Adoption): readonly Check[] => [
  {
    title: "Old stack",
    run: async () => {
      const stack = await adoption.stack();
      if (stack === undefined)
        return pass(`no stack ${await adoption.stackName()}: what exists was made by hand`);
      requireSettled(stack);
      return pass(`${stack.name}, ${stack.status}, ${stack.resources.length} resources`);
    },
  },
  {
    title: "The stack is this system's",
    run: async () => {
      const parts = await adoption.parts();
      if (parts === undefined) return pass("there is none");
      const expected = "nothing but this system";
      if (parts.kept.length === 0)
        return {
          ...fail(`${await adoption.stackName()} owns none of this system's resources`, expected),
          hint: "The names match by accident: name the right stack with --stack",
        };
      const foreign = await adoption.foreign();
      return foreign.length === 0
        ? pass(`${parts.kept.length} to keep, ${parts.leaving.length} of the old version alone`)
        : {
            ...fail(foreign.join(", "), expected),
            hint: "Deleting the stack would take these from others: move them into a stack of their own, or give them DeletionPolicy: Retain",
          };
    },
  },
  {
    title: "No names by accident",
    run: async () => {
      const existing = await adoption.existing();
      const contradictions = await findContradictions(context, existing);
      return contradictions.length === 0
        ? pass(`${existing.length} resources to take over`)
        : {
            ...fail(contradictions.join("; "), "resources of this system"),
            hint: "Rename or delete what is not this system's, or change the names in envs/resource-names.ts",
          };
    },
  },
];
