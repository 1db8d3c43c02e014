import type { Check, Checklist } from "../../checklist/check.ts";
import { createEnvironmentCommand, type Run } from "../cli/command.ts";
import type { Context } from "../context.ts";
import { infrastructureChecks } from "../checks/infrastructure.ts";
import { parseReason } from "../cli/option-parsers.ts";
import { preflightChecks } from "./preflight.ts";
import { releaseSteps } from "./release.ts";
import { verifyChecks } from "./verify.ts";

export const deployCommand = (run: Run) =>
  createEnvironmentCommand({
    name: "deploy",
    summary: "preflight, infrastructure, release and verify, in one go",
    description:
      "Does what its four stages are called, and stops at the first that does not go well. The infrastructure is " +
      "planned by Terraform and applied without asking; what it changes is seen before by: npx cdktf diff <environment>. " +
      "With --approved-plan nothing is applied when the plan is not the one that was approved.",
    examples: [
      "deploy dev",
      "deploy dev --dry-run",
      'deploy prod --reason "release of March" --json > deployment.json',
    ],
  })
    .option(
      "--reason <text>",
      "why; goes into the alias's description and the audit line",
      parseReason,
      "deployment",
    )
    .option("--approved-plan <file>", "the plan that this one must be the same as")
    .option("--dry-run", "look, say what would be done and change nothing")
    .action((environment, options) =>
      run({
        command: "deploy",
        environment,
        options,
        plan: (context) => deploy(context, options),
        runsPrograms: true,
      }),
    );

interface Options {
  readonly reason: string;
  readonly approvedPlan?: string | undefined;
}

const deploy = (context: Context, { reason, approvedPlan }: Options): Checklist => ({
  checks: [
    ...stage("preflight", preflightChecks(context)),
    ...stage("infrastructure", infrastructureChecks(context, { approvedPlan })),
    // What there would be to release, a dry run cannot know.
    ...(context.dryRun
      ? []
      : [...stage("release", releaseSteps(context, reason)), ...stage("verify", verifyChecks(context))]),
  ],
});

const stage = (name: string, checks: readonly Check[]): readonly Check[] =>
  checks.map((check) => ({ ...check, stage: name }));
