import { type Check, fail, pass } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { describeExisting, findExisting } from "../takeover/existing-resources.ts";

/** Whatever a deployment would create, it can: what exists already would stop the first apply half-way. */
export const nothingInTheWay = (context: Context): Check => ({
  title: "Nothing in the way",
  run: async () => {
    const existing = await findExisting(context);
    if (existing.length === 0) return pass("whatever exists is in the Terraform state");
    const { environment } = context.environment;
    return {
      ...fail(
        `${existing.length} resources exist that the Terraform state does not have: ${existing.map(describeExisting).join(", ")}`,
        "nothing that a deployment would create",
      ),
      hint: "See what taking them over means",
      next: `npm run ops -- adopt ${environment}`,
    };
  },
});
