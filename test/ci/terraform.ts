import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Printed by `terraform show -json` for plans of terraform_data resources. */
export const recordedPlan = (name: string): string =>
  fileURLToPath(new URL(`plans/${name}.json`, import.meta.url));

/** A terraform that writes its arguments down and shows a recorded plan. It asks for a synthesized stack, and so gets a real one. */
export interface RecordedTerraform {
  /** Has it show this plan, and end `plan` with this exit code. */
  readonly show: (plan: string, exitCode?: number) => void;
  readonly calls: () => readonly string[];
  readonly variables: Readonly<Record<string, string>>;
  readonly remove: () => void;
}

export const recordedTerraform = (): RecordedTerraform => {
  const folder = mkdtempSync(join(tmpdir(), "terraform-"));
  const bin = join(folder, "bin");
  const calls = join(folder, "calls");
  mkdirSync(bin);
  return {
    show: (plan, exitCode = 0) => {
      writeFileSync(
        join(bin, "terraform"),
        `#!/bin/sh
test -f cdk.tf.json || exit 9
echo "$@" >> ${calls}
case "$1" in
  plan) for arg; do case "$arg" in -out=*) echo raw > "\${arg#-out=}";; esac; done; echo "the plan"; exit ${exitCode};;
  show) cat "${recordedPlan(plan)}";;
esac
`,
      );
      chmodSync(join(bin, "terraform"), 0o755);
    },
    calls: () => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []),
    variables: {
      // eslint-disable-next-line no-restricted-syntax -- programs are found by it
      PATH: [bin, process.env["PATH"]].join(delimiter),
      TF_CLI_CONFIG_FILE: "/dev/null",
    },
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
};
