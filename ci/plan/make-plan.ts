import { rmSync } from "node:fs";
import { join } from "node:path";
import { loadEnvironment } from "../../envs/load.ts";
import { providerMirrorVariables } from "../../stacks/terraform/provider-mirror.ts";
import { runProgram } from "../run-program.ts";
import type { Step } from "../step.ts";
import { type PlannedChange, plannedChanges } from "./planned-changes.ts";

/**
 * Synthesizes an environment's stack and has Terraform plan it, with rights to read alone: no lock is taken, so a plan never
 * holds up an apply. The plan itself, which may hold secrets, never leaves the machine.
 * @param handlerZip the zip to plan with; undefined for that of the sources.
 */
export const makePlan = async (
  step: Step,
  environmentName: string,
  handlerZip?: string,
): Promise<readonly PlannedChange[]> => {
  const { environment } = loadEnvironment(environmentName);
  const dist = join(step.repository, "dist");
  const outdir = join(dist, "plan");
  const folder = join(outdir, "stacks", environment);
  const planFile = join(outdir, `${environment}.tfplan`);
  const variables = {
    ...step.variables,
    ...(handlerZip === undefined ? {} : { HANDLER_ZIP: handlerZip }),
    CDKTF_OUTDIR: outdir,
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    ...providerMirrorVariables(step.variables, join(dist, "terraform-mirror.tfrc")),
  };
  const run = (file: string, args: readonly string[], cwd = folder): Promise<string> =>
    runProgram(file, args, { cwd, variables, log: step.log, signal: step.signal });

  rmSync(outdir, { recursive: true, force: true });
  await run(process.execPath, ["--import", "tsx", "main.ts"], step.repository);
  try {
    await run("terraform", ["init", "-input=false", "-no-color"]);
    await run("terraform", ["plan", "-input=false", "-no-color", "-lock=false", `-out=${planFile}`]);
    // Machines read this, and it holds every value: not for the log.
    const shown = await runProgram("terraform", ["show", "-json", planFile], {
      cwd: folder,
      variables,
      signal: step.signal,
    });
    return plannedChanges(JSON.parse(shown));
  } finally {
    rmSync(planFile, { force: true });
  }
};
