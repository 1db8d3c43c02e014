import { type Check, type Checklist, judge } from "../../checklist/check.ts";
import { createEnvironmentCommand, type Run } from "../cli/command.ts";
import type { Context } from "../context.ts";
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
      "applied by cdktf without asking; what it changes is seen before by: npx cdktf diff <environment>.",
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
    .option("--dry-run", "look, say what would be done and change nothing")
    .action((environment, options) =>
      run({
        command: "deploy",
        environment,
        options,
        plan: (context) => deploy(context, options.reason),
        runsPrograms: true,
      }),
    );

const deploy = (context: Context, reason: string): Checklist => ({
  checks: [
    ...stage("preflight", preflightChecks(context)),
    ...stage("infrastructure", [infrastructure(context)]),
    // What there would be to release, a dry run cannot know.
    ...(context.dryRun
      ? []
      : [...stage("release", releaseSteps(context, reason)), ...stage("verify", verifyChecks(context))]),
  ],
});

const stage = (name: string, checks: readonly Check[]): readonly Check[] =>
  checks.map((check) => ({ ...check, stage: name }));

const infrastructure = ({ environment, runProgram }: Context): Check => {
  const args = ["cdktf", "deploy", environment.environment, "--auto-approve"];
  return {
    title: "cdktf deploy",
    preview: () => Promise.resolve(`run npx ${args.join(" ")}, then release and verify`),
    run: async () => {
      const exitCode = await runProgram("npx", args);
      return judge(exitCode === 0, `exit code ${exitCode}`, "exit code 0");
    },
  };
};
