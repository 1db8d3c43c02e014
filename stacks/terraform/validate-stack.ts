import { execFile } from "node:child_process";
import type { EnvironmentVariables } from "./environment-variables.ts";
import { terraformBinary } from "./terraform-binary.ts";

/** What Terraform says of a stack. */
export type Validation =
  | { readonly kind: "valid" }
  | { readonly kind: "invalid"; readonly output: string }
  /** Terraform or the provider cannot be had here, so nothing can be said. */
  | { readonly kind: "skipped"; readonly reason: string };

/**
 * Has Terraform check a synthesized stack against the real provider's schema, offline and without its state.
 * @param folder the stack's folder in CDKTF's output.
 */
export const validateStack = async (folder: string, env: EnvironmentVariables): Promise<Validation> => {
  const init = await terraform(["init", "-backend=false", "-input=false", "-no-color"], folder, env);
  if (init.kind === "missing")
    return { kind: "skipped", reason: `there is no ${terraformBinary(env)} on the PATH` };
  if (init.kind === "failed") {
    return PROVIDER_MISSING.test(init.output)
      ? { kind: "skipped", reason: `the AWS provider cannot be installed here:\n${init.output}` }
      : { kind: "invalid", output: init.output };
  }
  const validation = await terraform(["validate", "-no-color"], folder, env);
  return validation.kind === "done"
    ? { kind: "valid" }
    : { kind: "invalid", output: validation.kind === "failed" ? validation.output : "terraform is gone" };
};

const PROVIDER_MISSING = /Failed to query available provider packages|Failed to install provider/;

type TerraformRun = { kind: "done" } | { kind: "failed"; output: string } | { kind: "missing" };

const terraform = (args: readonly string[], cwd: string, env: EnvironmentVariables): Promise<TerraformRun> =>
  new Promise((resolve) => {
    execFile(terraformBinary(env), args, { cwd, env }, (error, stdout, stderr) => {
      if (error === null) resolve({ kind: "done" });
      else if (error.code === "ENOENT") resolve({ kind: "missing" });
      else resolve({ kind: "failed", output: `${stdout}${stderr}`.trim() });
    });
  });
