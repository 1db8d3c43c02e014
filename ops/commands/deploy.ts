import { infrastructureChecks } from "../checks/infrastructure.ts";
import { restoreAliases } from "../checks/restore-alias.ts";
import { declareEnvironmentCommand } from "../command.ts";
import { parseReason } from "./option-parsers.ts";
import { preflightStage } from "./preflight.ts";
import { provenanceChecks, verifiedRelease } from "./verified-release.ts";

export const deploy = declareEnvironmentCommand({
  name: "deploy",
  summary: "run preflight, apply the infrastructure, then release and verify",
  description:
    "Runs preflight, plans and applies the stack with Terraform, then runs release and verify. Stops at the first " +
    "failure.\n\n" +
    "Terraform applies the plan without asking. To see it first, run: npx cdktf diff <environment>. With " +
    "--approved-plan, nothing is applied if the plan differs from the approved one.\n\n" +
    "verify counts only what has happened since the release. With --rollback, a version that fails verify is " +
    "rolled back, unless someone has moved the alias meanwhile. --provenance names the file that the build leaves beside the zip; it is recorded with the " +
    "version.",
  examples: [
    "deploy dev",
    "deploy dev --dry-run",
    'deploy prod --reason "release of March" --json > deployment.json',
  ],
  options: (command) =>
    command
      .option(
        "--reason <text>",
        "why; recorded in the alias's description and the audit line",
        parseReason,
        "deployment",
      )
      .option("--approved-plan <file>", "the approved plan, which this plan must equal")
      .option("--provenance <file>", "the file that says where the zip comes from")
      .option("--rollback", "roll back if verify fails after the release")
      .option("--dry-run", "run the checks, say what would change, and change nothing"),
  runsPrograms: true,
  plan: (context, options) => ({
    runs: "until-failure",
    checks: [
      { ...preflightStage(context, provenanceChecks(options.provenance)), title: "preflight" },
      {
        title: "infrastructure",
        runs: "until-failure",
        checks: [...restoreAliases(context), ...infrastructureChecks(context, options)],
      },
      // What there would be to release, a dry run cannot know.
      ...(context.dryRun ? [] : [verifiedRelease(context, options)]),
    ],
  }),
});
