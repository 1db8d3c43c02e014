import { type Check, pass } from "../../checklist/check.ts";
import { replaceTemplate } from "../aws/cloudformation/change-stack.ts";
import type { Context } from "../context.ts";
import type { Adoption } from "../takeover/adoption.ts";
import { retaining } from "../takeover/retained-template.ts";

/** First of all: to delete the old stack then deletes nothing that the new one has. */
export const retainTakenOver = (context: Context, adoption: Adoption): Check => ({
  title: "Old stack leaves behind what is taken over",
  skip: async () =>
    (await adoption.toRetain()).length === 0 ? "it does already, or there is none" : undefined,
  run: async () => {
    const [stack, logicalIds] = [await adoption.stack(), await adoption.toRetain()];
    if (stack === undefined) return pass("there is none");
    await replaceTemplate(context, stack, retaining(stack.template, logicalIds));
    context.audit({ message: `Stack ${stack.name} retains ${logicalIds.join(", ")}` });
    return pass(`DeletionPolicy: Retain for ${logicalIds.join(", ")}`);
  },
});
