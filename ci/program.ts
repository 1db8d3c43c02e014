import { Argument, type Command } from "@commander-js/extra-typings";
import { createCommandLine } from "../checklist/command-line.ts";
import { listEnvironments } from "../envs/load.ts";
import { access, PURPOSES } from "./access.ts";
import { findDrift } from "./drift/find-drift.ts";
import { keepDriftIssue } from "./drift/keep-drift-issue.ts";
import { recordDeployment } from "./github/record-deployment.ts";
import { textInMarkdown } from "./markdown.ts";
import { INTENTIONS, operateFixed } from "./operate-fixed.ts";
import { operate, transcriptInMarkdown } from "./operate.ts";
import { notify } from "./notify.ts";
import { proposeProviderLock } from "./propose-provider-lock.ts";
import { plan } from "./plan/plan.ts";
import { planRelease } from "./plan/plan-release.ts";
import { buildRelease } from "./release/build-release.ts";
import { checkRelease } from "./release/check-release.ts";
import { confirmRelease } from "./release/confirm-release.ts";
import { fetchRelease } from "./release/fetch-release.ts";
import { checkGitHub } from "./settings/check-github.ts";
import { findTurn } from "./release/release-order.ts";
import { verifyOrigin } from "./release/verify-origin.ts";
import { requireVariable, type StepContext, summarize } from "./step-context.ts";

/**
 * What the steps of the workflows call: `npm run ci -- <step>`.
 * @param end gets the exit code of a step that has one of its own.
 */
export const createCiProgram = (context: StepContext, end: (exitCode: number) => void): Command => {
  const program: Command = createCommandLine("ci", "The steps of the GitHub workflows.")
    .usage("<step> [options]")
    .enablePositionalOptions();

  program
    .command("access")
    .description("say which AWS role and region a job works with")
    .addArgument(environmentArgument())
    .addArgument(new Argument("<purpose>").choices(PURPOSES))
    .action((environment, purpose) => {
      access(context, environment, purpose);
    });

  program
    .command("ops")
    .description("run a command of the operator's CLI, and put what it says into the run's summary")
    .argument("<command...>")
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (args) => {
      const { exitCode, transcript } = await operate(args, context);
      summarize(
        context,
        `### ops ${textInMarkdown(args.filter((arg) => !arg.startsWith("-")).join(" "))}\n\n${transcriptInMarkdown(transcript)}`,
      );
      end(exitCode);
    });

  program
    .command("release-build")
    .description("build the zip and write down where it comes from")
    .option("--skip-tests", "write down that it is deployed without the quality gates")
    .action(({ skipTests }) => buildRelease(context, skipTests ?? false));
  program
    .command("release-fetch")
    .description("fetch the zip that an environment runs or ran, and say which commit built it")
    .addArgument(environmentArgument())
    .option("--version <n>", "a version other than the released one")
    .action((environment, { version }) => fetchRelease(context, environment, version));
  program
    .command("release-verify")
    .description("verify who built the zip, from which commit, and that it may go to an environment")
    .addArgument(environmentArgument())
    .option("--allow-unverified", "take responsibility for what was not built and tested by the workflow")
    .action((environment, { allowUnverified }) =>
      verifyOrigin(context, { environment, unverifiedAllowed: allowUnverified ?? false }),
    );
  program
    .command("release-check")
    .description("check that the zip that an earlier job handed over is what this checkout builds")
    .option("--allow-unverified", "take responsibility for a zip that no commit builds")
    .action(({ allowUnverified }) => checkRelease(context, allowUnverified ?? false));
  program
    .command("release-turn")
    .description("say whether the release may go to an environment, or a newer one is there already")
    .addArgument(environmentArgument())
    .action((environment) => findTurn(context, environment));
  program
    .command("release-confirm")
    .description("confirm that an environment runs that zip")
    .addArgument(environmentArgument())
    .action((environment) => confirmRelease(context, environment));

  program
    .command("plan")
    .description("plan an environment and tell the pull request")
    .addArgument(environmentArgument())
    .action((environment) => plan(context, environment));

  program
    .command("no-plan")
    .description("say why a pull request gets no plan")
    .action(() => {
      summarize(
        context,
        "### No plan\n\nA pull request from a fork or by Dependabot gets no credentials: its stacks are synthesized and " +
          "validated by the quality gates, and compared with no environment. A maintainer who has read it can push its " +
          "commits to a branch of this repository, and has them planned.",
      );
    });

  program
    .command("plan-release")
    .description(
      "plan an environment with the zip that is to be promoted, and keep the plan for the deployment",
    )
    .addArgument(environmentArgument())
    .option("--commit <sha>", "the commit that the zip was built from")
    .action((environment, { commit }) => planRelease(context, environment, commit));

  program
    .command("drift")
    .description("report what is not as it should be in an environment")
    .addArgument(environmentArgument())
    .action((environment) => findDrift(context, environment));
  program
    .command("drift-issue")
    .description("open, update or close the issue about drift")
    .action(() => keepDriftIssue(context));

  program
    .command("operate")
    .description("run one of a fixed list of the operator's commands")
    .addArgument(new Argument("<intention>").choices(INTENTIONS))
    .addArgument(environmentArgument())
    .argument("<command>")
    .action(async (intention, environment, command) => {
      end(await operateFixed(context, intention, environment, command));
    });
  program
    .command("record-deployment")
    .description("record on GitHub the commit that an environment runs now")
    .addArgument(environmentArgument())
    .action((environment) => recordDeployment(context, environment));
  program
    .command("notify")
    .description("tell the environment's topic that a job has failed")
    .addArgument(environmentArgument())
    .action((environment) => notify(context, environment));

  program
    .command("propose-lock")
    .description("open a pull request with the provider's checksums that `npm run locks` has written")
    .action(() => proposeProviderLock(context));

  program
    .command("check-github")
    .description("compare the repository's settings on GitHub with the files in .github/")
    .action(() => checkGitHub(context));

  program
    .command("skipped-tests")
    .description("record that a deployment skipped the quality gates")
    .action(() => {
      summarize(
        context,
        `> [!WARNING]\n> The quality gates were skipped by ${textInMarkdown(requireVariable(context, "GITHUB_ACTOR"))}. Run them now.`,
      );
    });
  return program;
};

const environmentArgument = () => new Argument("<environment>").choices(listEnvironments());
