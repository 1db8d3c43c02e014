import { infrastructureChecks } from "../checks/infrastructure.ts";
import { declareEnvironmentCommand } from "../command.ts";
import { parseReason } from "./option-parsers.ts";
import { preflightChecks } from "./preflight.ts";
import { releaseStage } from "./release.ts";
import { verifyChecks } from "./verify.ts";

export const deploy = declareEnvironmentCommand({
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
  options: (command) =>
    command
      .option(
        "--reason <text>",
        "why; goes into the alias's description and the audit line",
        parseReason,
        "deployment",
      )
      .option("--approved-plan <file>", "the plan that this one must be the same as")
      .option("--dry-run", "look, say what would be done and change nothing"),
  runsPrograms: true,
  plan: (context, { reason, approvedPlan }) => ({
    runs: "until-failure",
    checks: [
      { title: "preflight", runs: "all", checks: preflightChecks(context) },
      {
        title: "infrastructure",
        runs: "until-failure",
        checks: infrastructureChecks(context, { approvedPlan }),
      },
      // What there would be to release, a dry run cannot know.
      ...(context.dryRun
        ? []
        : [
            { ...releaseStage(context, { reason }), title: "release" },
            { title: "verify", runs: "all" as const, checks: verifyChecks(context) },
          ]),
    ],
  }),
});
