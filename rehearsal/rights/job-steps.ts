import { FIXED_COMMANDS, type FixedCommand } from "../../ci/fixed-commands.ts";
import type { WorkflowRole } from "../../stacks/workflow-roles.ts";
import type { EnvironmentVariables } from "../../stacks/terraform/environment-variables.ts";

/** A step of a workflow that works with AWS, in the role of its job. */
export interface JobStep {
  readonly purpose: WorkflowRole["purpose"];
  /** What follows `ci/main.ts` in it. */
  readonly args: string;
  /** 0 when undefined. */
  readonly exitCode?: number;
  /** Those that the workflow sets for it alone. */
  readonly variables?: EnvironmentVariables;
}

/** When in an environment's life the steps run. */
export type JobPhase =
  "firstDeployment" | "secondDeployment" | "afterDeployment" | "withDeadLetter" | "promotion" | "everyDay";

/** All steps of the workflows that have a role, in the order in which one environment can run them. */
export const jobSteps = (name: string): Readonly<Record<JobPhase, readonly JobStep[]>> => ({
  firstDeployment: [{ purpose: "deploy", args: `ops deploy ${name} --reason=first` }],
  // Of changed sources and settings.
  secondDeployment: [{ purpose: "deploy", args: `ops deploy ${name} --rollback --reason=second` }],
  afterDeployment: [
    { purpose: "deploy", args: `ops monitor ${name} --minutes=1 --rollback --allow-idle --reason=rehearsed` },
    // A row is missing still.
    { ...fixed(name, "reconcile"), exitCode: 1 },
    fixed(name, "reconcile --apply"),
    { purpose: "read", args: `ops rollback ${name} --dry-run --reason=rehearsed` },
    { purpose: "deploy", args: `ops rollback ${name} --reason=rehearsed` },
    fixed(name, "release --again"),
    ...(["verify", "status", "tenants", "history", "metrics", "logs --status failed"] as const).map(
      (command) => fixed(name, command),
    ),
    { ...fixed(name, "tenant"), variables: { TENANT: "first" } },
  ],
  withDeadLetter: (["dlq peek", "dlq replay", "dlq replay --apply"] as const).map((command) =>
    fixed(name, command),
  ),
  // Of both ends: a role acts in its own account alone, so here one account is promoted from and promoted to.
  promotion: [
    { purpose: "read", args: `release-fetch ${name}` },
    // It has just been released, and asks AWS all the same.
    { purpose: "read", args: `ops gate --from=${name} --lookback=24h --allow-idle`, exitCode: 1 },
    { purpose: "read", args: `plan-release ${name}` },
    { purpose: "deploy", args: `release-turn ${name}` },
    {
      purpose: "deploy",
      args:
        `ops deploy ${name} --rollback --provenance=dist/release/provenance.json ` +
        `--approved-plan=dist/approved-plan/${name}.json --reason=promotion`,
      variables: { HANDLER_ZIP: "dist/release/handler.zip" },
    },
    { purpose: "deploy", args: `release-confirm ${name}` },
    { purpose: "read", args: `record-deployment ${name}` },
  ],
  everyDay: [
    { purpose: "read", args: `drift ${name}` },
    { purpose: "read", args: `notify ${name}` },
    { purpose: "plan", args: `plan ${name}`, variables: { PULL_REQUEST: "1", HEAD_SHA: "0".repeat(40) } },
  ],
});

const fixed = (name: string, command: FixedCommand): JobStep => {
  const intention = FIXED_COMMANDS[command].changes ? "change" : "look";
  return {
    purpose: intention === "change" ? "deploy" : "read",
    args: `operate ${intention} ${name} "${command}"`,
  };
};
