import { Option } from "@commander-js/extra-typings";
import { pass } from "../../checklist/check.ts";
import type { Checklist } from "../../checklist/stage.ts";
import { rightAccount } from "../checks/account.ts";
import { finishChecks } from "../checks/adoption-finish.ts";
import { planAdoption } from "../checks/adoption-plan.ts";
import { retainTakenOver } from "../checks/adoption-retain.ts";
import { adoptionSurvey } from "../checks/adoption-survey.ts";
import { infrastructureChecks } from "../checks/infrastructure.ts";
import { startBaseline, whatWasBefore } from "../checks/baseline.ts";
import { prerequisites } from "../checks/prerequisites.ts";
import { declareEnvironmentCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { type Adoption, surveyAdoption } from "../takeover/adoption.ts";
import { type AdoptionFacts, adoptionTable } from "../takeover/adoption-table.ts";
import { parseReason } from "./option-parsers.ts";
import { verifiedRelease } from "./verified-release.ts";
import { verifyChecks } from "./verify.ts";

export const adopt = declareEnvironmentCommand({
  name: "adopt",
  summary: "take over an existing version of this system",
  description:
    "For an account in which another version of this system runs, deployed by SAM or CloudFormation or made by hand. " +
    "Without an option it changes nothing: it lists what would be imported into the Terraform state, with its id, what would " +
    "be created and changed, what is left alone, and what the old stack keeps.\n\n" +
    "--apply gives what is taken over DeletionPolicy: Retain in the old stack's template, imports and applies the " +
    "infrastructure, releases and verifies. From then on both versions receive the events, and write the same rows. To return: " +
    "npm run ops -- rollback <environment>. --finish deletes the old rules and the old stack, which leaves behind " +
    "what was taken over; then there is no way back to the old version. Both can be stopped and run again.\n\n" +
    "Refuses a stack that is not settled, that owns more than this system, or that owns nothing of it; resources whose " +
    "names match by accident; and a plan that would destroy something. The old stack is the one that the " +
    "function is tagged with, or the one called like the function, or the one that --stack names.",
  examples: [
    "adopt dev",
    "adopt dev --stack bbws-ecs-event-handler-dev",
    'adopt dev --apply --reason "from SAM to Terraform"',
    "adopt dev --finish",
  ],
  options: (command) =>
    command
      .option("--stack <name>", "the old stack's name or ARN")
      .option(
        "--reason <text>",
        "why; recorded in the alias's description and the audit line",
        parseReason,
        "takeover",
      )
      .option("--apply", "take over, release and verify; the old version stays beside")
      .addOption(
        new Option("--finish", "delete the old version's rules and its stack, for good").conflicts("apply"),
      ),
  isDryRun: ({ apply, finish }) => apply !== true && finish !== true,
  runsPrograms: true,
  plan: (context, { stack, reason, apply, finish }) => {
    const adoption = surveyAdoption(context, stack);
    if (finish === true) return planFinish(context, adoption);
    return apply === true ? planApply(context, adoption, reason) : planDryRun(context, adoption);
  },
});

const planApply = (context: Context, adoption: Adoption, reason: string): Checklist => {
  const { plan, apply, cleanUp } = planAdoption(context, adoption);
  return {
    runs: "all",
    checks: [
      {
        runs: "until-failure",
        checks: [
          rightAccount(context),
          ...prerequisites(context),
          ...adoptionSurvey(context, adoption),
          plan,
          retainTakenOver(context, adoption),
          apply,
          verifiedRelease(context, { reason, otherRules: true }),
        ],
      },
      cleanUp,
    ],
  };
};

const planFinish = (context: Context, adoption: Adoption): Checklist => {
  const startedAt = context.clock.now();
  const baseline = startBaseline(context);
  return {
    runs: "until-failure",
    checks: [
      rightAccount(context),
      // What the old version has parked is no trouble of this step.
      whatWasBefore(baseline),
      ...finishChecks(context, adoption),
      { title: "infrastructure", runs: "until-failure", checks: infrastructureChecks(context) },
      { title: "verify", runs: "all", checks: verifyChecks(context, { since: () => startedAt, baseline }) },
    ],
  };
};

const planDryRun = (context: Context, adoption: Adoption): Checklist => {
  const { plan, cleanUp, changes } = planAdoption(context, adoption);
  let facts: AdoptionFacts | undefined;
  return {
    runs: "all",
    checks: [
      {
        runs: "until-failure",
        checks: [
          rightAccount(context),
          ...prerequisites(context),
          ...adoptionSurvey(context, adoption),
          plan,
          {
            title: "Nothing changed",
            run: async () => {
              const { kept = [], leaving = [] } = (await adoption.parts()) ?? {};
              facts = {
                existing: await adoption.existing(),
                changes: changes(),
                kept,
                leaving,
                oldRules: await adoption.oldRules(),
                leftAlone: [context.environment.tenants.table, context.environment.cluster],
              };
              return pass("this was a dry run");
            },
          },
        ],
      },
      cleanUp,
    ],
    result: () => (facts === undefined ? undefined : adoptionTable(facts)),
  };
};
