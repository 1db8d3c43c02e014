import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Check, fail, pass } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import { countActions, type PlannedChange } from "../terraform/planned-changes.ts";
import { type TakeoverFiles, terraformStack } from "../terraform/terraform-stack.ts";

export interface TakeoverPlan {
  readonly plan: Check;
  readonly apply: Check;
  /** To be run whatever became of the others. */
  readonly cleanUp: Check;
  readonly changes: () => readonly PlannedChange[];
}

/**
 * Terraform's share: imports what exists, creates what is missing, and destroys nothing.
 * @param name the stack's.
 * @param takeover what exists, looked up once the stack has been synthesized.
 * @param hint what to do about a plan that would destroy something.
 */
export const planTakeover = (
  { dryRun, runProgram }: Context,
  name: string,
  takeover: () => Promise<TakeoverFiles>,
  hint = "What exists there cannot be changed into what is deployed: rename or delete it by hand first",
): TakeoverPlan => {
  let imported = 0;
  const stack = terraformStack({
    name,
    repository: REPOSITORY,
    outdir: join(REPOSITORY, "cdktf.out"),
    runProgram,
    takeover: async () => {
      const files = await takeover();
      imported = files.imports.length;
      return files;
    },
  });
  let planned: readonly PlannedChange[] = [];
  return {
    plan: {
      // Also in a dry run: it changes nothing, and is what a dry run is for.
      title: "Plan",
      run: async () => {
        planned = await stack.plan(...(dryRun ? ["-lock=false"] : []));
        const losses = planned.filter(({ action }) => LOSING.has(action));
        if (losses.length === 0) return pass(`${imported} to import, ${countActions(planned)}`);
        stack.forgetPlan();
        return {
          ...fail(
            losses
              .map(({ action, address, attributes }) => `${action} ${address} (${attributes.join(", ")})`)
              .join("; "),
            "nothing that is destroyed or replaced",
          ),
          hint,
        };
      },
    },
    apply: {
      title: "Imported and applied",
      preview: () => Promise.resolve(`import and apply that plan: ${countActions(planned)}`),
      run: async () => {
        await stack.apply();
        return pass(countActions(planned));
      },
    },
    cleanUp: {
      title: "Plan removed",
      run: () => {
        stack.forgetPlan();
        return Promise.resolve(pass("with the import blocks"));
      },
    },
    changes: () => planned,
  };
};

const LOSING: ReadonlySet<string> = new Set(["destroy", "replace", "forget"]);

const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
