import type { Check, Checklist } from "../../checklist/check.ts";
import { rightAccount } from "../checks/account.ts";
import { prerequisites } from "../checks/prerequisites.ts";
import { createEnvironmentCommand, type Run } from "../cli/command.ts";
import type { Context } from "../context.ts";

export const preflightCommand = (run: Run) =>
  createEnvironmentCommand({
    name: "preflight",
    summary: "check that an environment has what a deployment needs",
    description:
      "Looks for what the deployment finds there and does not create: the tenants' table with the key that envs/ says, " +
      "the ECS cluster and the bucket of the Terraform state; and whether the log group is there already.",
    examples: ["preflight dev", "preflight prod --json"],
  }).action((environment, options) => run({ command: "preflight", environment, options, plan: preflight }));

const preflight = (context: Context): Checklist => ({ checks: preflightChecks(context) });

export const preflightChecks = (context: Context): readonly Check[] => [
  rightAccount(context),
  ...prerequisites(context),
];
