import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ObstacleError } from "../../checklist/errors.ts";
import { LOCK_FILE_NAME } from "../../stacks/terraform/provider-lock.ts";
import { terraformErrors } from "./terraform-errors.ts";
import type { RunProgram } from "../context.ts";
import { type PlannedChange, plannedChanges } from "./planned-changes.ts";

export interface TerraformStackOptions {
  /** The stack's name: that of the environment. */
  readonly name: string;
  /** Whose main.ts is synthesized; absolute. */
  readonly repository: string;
  /** Where the synthesized stacks go; absolute. */
  readonly outdir: string;
  readonly runProgram: RunProgram;
  /** Environment variables besides those of this process: HANDLER_ZIP, for example. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** What a takeover adds to the synthesized stack. */
  readonly takeover?: () => Promise<TakeoverFiles>;
}

/** Parts of a stack's JSON. */
export interface TakeoverFiles {
  readonly imports: readonly { readonly to: string; readonly id: string }[];
  /** Arguments that replace those of a resource, by its address. */
  readonly overrides: Readonly<Record<string, object>>;
}

/** Terraform reads all files of a folder, and those that end like the second over the others. */
const TAKEOVER_FILES = ["takeover.tf.json", "takeover_override.tf.json"] as const;

/** Terraform in the folder of one synthesized stack. */
export interface TerraformStack {
  /**
   * Synthesizes the stack, plans it and reads the plan; the plan is kept for {@link TerraformStack.apply}.
   * @param options options of `terraform plan`, such as `-lock=false`.
   * @throws {ObstacleError} naming the program that failed.
   */
  readonly plan: (...options: readonly string[]) => Promise<readonly PlannedChange[]>;
  /** Applies exactly what was planned; Terraform refuses when the state has changed since. */
  readonly apply: () => Promise<void>;
  /** Removes the plan, which holds every value in clear. */
  readonly forgetPlan: () => void;
}

/** Characters of the output, from its end: that is where Terraform says what failed. */
const MOST_HEARD = 100_000;

/**
 * Terraform is started directly and not by `cdktf deploy`: that runs it in a terminal of its own, where no interrupt reaches it,
 * and applies a plan that nobody has compared with the approved one. The folders are those of cdktf.
 */
export const terraformStack = ({
  name,
  repository,
  outdir,
  runProgram,
  variables: given = {},
  takeover,
}: TerraformStackOptions): TerraformStack => {
  const folder = join(outdir, "stacks", name);
  const planFile = join(outdir, `${name}.tfplan`);
  const variables = { ...given, CDKTF_OUTDIR: outdir, CHECKPOINT_DISABLE: "1", TF_IN_AUTOMATION: "1" };
  const run = async (file: string, args: readonly string[], title: string, cwd = folder): Promise<void> => {
    let heard = "";
    const exitCode = await runProgram(file, args, {
      cwd,
      variables,
      hear: (text) => {
        heard = `${heard}${text}`.slice(-MOST_HEARD);
      },
    });
    if (exitCode !== 0)
      throw new ObstacleError(
        [`${title} failed with exit code ${exitCode}`, ...terraformErrors(heard)].join("; "),
      );
  };
  const terraform = (...args: readonly string[]): Promise<void> =>
    run("terraform", args, `terraform ${args[0]}`);
  const forgetPlan = (): void => {
    rmSync(planFile, { force: true });
    for (const file of TAKEOVER_FILES) rmSync(join(folder, file), { force: true });
  };

  const addTakeover = ({ imports, overrides }: TakeoverFiles): void => {
    // Terraform refuses an empty "resource".
    const overriding = Object.keys(overrides).length === 0 ? {} : { resource: byTypeAndName(overrides) };
    const contents = [{ import: imports }, overriding];
    TAKEOVER_FILES.forEach((file, index) => {
      writeFileSync(join(folder, file), JSON.stringify(contents[index]));
    });
  };

  /** Machines read this, and it holds every value: not for the log. */
  const show = async (): Promise<unknown> => {
    let shown = "";
    const output = { write: (text: string): void => void (shown += text) };
    const exitCode = await runProgram("terraform", ["show", "-json", planFile], {
      cwd: folder,
      variables,
      output,
    });
    if (exitCode !== 0) throw new ObstacleError(`terraform show failed with exit code ${exitCode}`);
    return JSON.parse(shown);
  };

  return {
    plan: async (...options) => {
      forgetPlan();
      try {
        // From an earlier run, for the provider of then. The synthesis places the committed one, where there is one.
        const lock = join(folder, LOCK_FILE_NAME);
        rmSync(lock, { force: true });
        await run(process.execPath, ["--import", "tsx", "main.ts"], "The synthesis of the stack", repository);
        if (takeover !== undefined) addTakeover(await takeover());
        await terraform(
          "init",
          "-input=false",
          "-no-color",
          ...(existsSync(lock) ? ["-lockfile=readonly"] : []),
        );
        await terraform("plan", "-input=false", "-no-color", ...options, `-out=${planFile}`);
        return plannedChanges(await show());
      } catch (error) {
        forgetPlan();
        throw error;
      }
    },
    apply: async () => {
      try {
        await terraform("apply", "-input=false", "-no-color", planFile);
      } finally {
        forgetPlan();
      }
    },
    forgetPlan,
  };
};

const byTypeAndName = (overrides: TakeoverFiles["overrides"]): Record<string, Record<string, object>> => {
  const byType: Record<string, Record<string, object>> = {};
  for (const [address, override] of Object.entries(overrides)) {
    const [type = "", name = ""] = address.split(".");
    byType[type] = { ...byType[type], [name]: override };
  }
  return byType;
};
