import { join } from "node:path";
import { loadEnvironment } from "../../envs/load.ts";
import { startProgram } from "../../ops/cli/start-program.ts";
import type { PlannedChange } from "../../ops/terraform/planned-changes.ts";
import { terraformStack } from "../../ops/terraform/terraform-stack.ts";
import { providerMirrorVariables } from "../../stacks/terraform/provider-mirror.ts";
import type { StepContext } from "../step-context.ts";

export interface MakePlanOptions {
  /** The zip to plan with; undefined for that of the sources. */
  readonly handlerZip?: string;
  /** False to compare with the state alone: no resource is read, and the role needs no right to. */
  readonly refresh?: boolean;
}

/**
 * Synthesizes an environment's stack and has Terraform plan it, with rights to read alone: no lock is taken, so a plan never
 * holds up an apply. The plan itself, which may hold secrets, never leaves the machine.
 */
export const makePlan = async (
  context: StepContext,
  environmentName: string,
  { handlerZip, refresh = true }: MakePlanOptions = {},
): Promise<readonly PlannedChange[]> => {
  const { environment } = loadEnvironment(environmentName);
  const dist = join(context.repository, "dist");
  const stack = terraformStack({
    name: environment,
    repository: context.repository,
    outdir: join(dist, "plan"),
    variables: {
      ...context.variables,
      HANDLER_ZIP: handlerZip ?? context.variables["HANDLER_ZIP"],
      ...providerMirrorVariables(context.variables, join(dist, "terraform-mirror.tfrc")),
    },
    runProgram: (file, args, { cwd, variables, output } = {}) =>
      startProgram(file, args, {
        output: output ?? context.log,
        isForPeople: output === undefined,
        signal: context.signal,
        cwd,
        variables,
      }),
  });
  try {
    return await stack.plan("-lock=false", ...(refresh ? [] : ["-refresh=false"]));
  } finally {
    stack.forgetPlan();
  }
};
