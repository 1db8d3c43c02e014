import { infrastructureChecks } from "../checks/infrastructure.ts";
import { declareEnvironmentCommand } from "../command.ts";
import { parseReason } from "./option-parsers.ts";
import { preflightChecks } from "./preflight.ts";
import { provenanceChecks, verifiedRelease } from "./verified-release.ts";

export const deploy = declareEnvironmentCommand({
  name: "deploy",
  summary: "preflight, infrastructure, release and verify, in one go",
  description:
    "Does what its four stages are called, and stops at the first that does not go well. The infrastructure is " +
    "planned by Terraform and applied without asking; what it changes is seen before by: npx cdktf diff <environment>. " +
    "With --approved-plan nothing is applied when the plan is not the one that was approved. In verify only what has " +
    "happened since the release counts; with --rollback, a version that verify finds wrong does not stay live. " +
    "--provenance names the file that the workflow's build leaves beside the zip, to be recorded with the version.",
  examples: [
    "deploy dev",
    "deploy dev --dry-run",
    'deploy prod --reason "release of March" --json > deployment.json',
  ],
  options: (command) =>
    command
      .option(
        "--reason <text>",
        "why; goes into the alias's description and the audit line",
        parseReason,
        "deployment",
      )
      .option("--approved-plan <file>", "the plan that this one must be the same as")
      .option("--provenance <file>", "where the zip comes from, as the build wrote it down")
      .option("--rollback", "go back to the version before when verify fails after the release")
      .option("--dry-run", "look, say what would be done and change nothing"),
  runsPrograms: true,
  plan: (context, options) => ({
    runs: "until-failure",
    checks: [
      {
        title: "preflight",
        runs: "all",
        checks: [...preflightChecks(context), ...provenanceChecks(options.provenance)],
      },
      {
        title: "infrastructure",
        runs: "until-failure",
        checks: infrastructureChecks(context, options),
      },
      // What there would be to release, a dry run cannot know.
      ...(context.dryRun ? [] : [verifiedRelease(context, options)]),
    ],
  }),
});
