import { GetQueueUrlCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Check, fail, pass } from "../../checklist/check.ts";
import { lazy } from "../../checklist/lazy.ts";
import type { Stage } from "../../checklist/stage.ts";
import type { Environment } from "../../envs/environment.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import type { EnvironmentVariables } from "../../stacks/terraform/environment-variables.ts";
import { type WorkflowRole, workflowRoles } from "../../stacks/workflow-roles.ts";
import { changeSources } from "../builds.ts";
import type { Place, RehearsalContext } from "../context.ts";
import { judgeExit } from "../judge-exit.ts";
import { type JobStep, jobSteps } from "../rights/job-steps.ts";
import { startSilentGitHub } from "../silent-github.ts";
import { CALLS_FILE } from "../emulator/moto/moto.ts";
import { judgeRights } from "../rights/judge-rights.ts";
import { readCalls } from "../rights/recorded-call.ts";
import { serviceArnOf } from "../tenants.ts";
import { ServiceEvents } from "./ecs-events.ts";
import { TRIED_RIGHTS, UNCALLED_RIGHTS } from "../rights/uncalled-rights.ts";

type RolePurpose = WorkflowRole["purpose"];

/** By this name the calls of the workflows are told from those of the rehearsal itself. */
const SESSION = "workflow";

/**
 * What the workflows run, each command in the role of its job; then what was called is compared with what the roles may do. The
 * emulator itself refuses nobody.
 */
export const rightsOfRoles = (context: RehearsalContext, place: Place): Stage => {
  const { environment } = place;
  const name = environment.environment;
  const { deployRoleArn, readRoleArn, planRoleArn } = resourceNames(environment);
  const arns: Readonly<Record<RolePurpose, string>> = {
    deploy: deployRoleArn,
    read: readRoleArn,
    plan: planRoleArn,
  };
  const sessions = Object.fromEntries(
    Object.entries(arns).map(([purpose, arn]) => [
      purpose,
      lazy(async () => {
        const { variables } = await context.parts.aws.openSession(environment.region, arn, SESSION);
        return variables;
      }),
    ]),
  ) as Readonly<Record<RolePurpose, () => Promise<EnvironmentVariables>>>;

  const steps = jobSteps(name);
  const job = ({ purpose, args, exitCode, variables = {} }: JobStep): Check => ({
    title: `${purpose}: ci ${args}`,
    run: async () => {
      const github = await startSilentGitHub();
      try {
        return judgeExit(
          await context.step(place, `exec node --import tsx ci/main.ts ${args}`, {
            variables: {
              ...(await sessions[purpose]()),
              ...OF_A_JOB,
              GITHUB_API_URL: github.url,
              ...variables,
            },
          }),
          exitCode,
        );
      } finally {
        github.close();
      }
    },
  });

  return {
    title: "What the workflows do, each step in the role of its job",
    runs: "all",
    checks: [
      ...steps.firstDeployment.map(job),
      {
        title: "The sources and the settings change",
        run: async () => {
          await changeSources(place, "second");
          await changeSettings(place);
          return pass(name);
        },
      },
      ...steps.secondDeployment.map(job),
      ...steps.afterDeployment.map(job),
      {
        title: "An event is parked",
        run: async () => {
          await parkEvent(place);
          return pass(name);
        },
      },
      ...steps.withDeadLetter.map(job),
      ...steps.promotion.map(job),
      ...steps.everyDay.map(job),
      ...workflowRoles(environment, [environment]).map((role): Check => ({
        title: `${role.name} may do what it did, and no more than it does or has a reason for`,
        run: async () => {
          const calls = readCalls(join(context.parts.folder, CALLS_FILE));
          const {
            calls: count,
            refused,
            unexplained,
            wronglyExplained,
          } = await judgeRights(
            {
              arn: arns[role.purpose],
              policies: role.policies,
              uncalled: UNCALLED_RIGHTS[role.purpose],
              tried: TRIED_RIGHTS[role.purpose],
            },
            calls.filter(({ session }) => session === SESSION),
          );
          if (count === 0) return fail("no call of it was recorded", "calls");
          const faults = [
            ...refused.map((right) => `it may not ${right}`),
            ...unexplained.map((action) => `it did not need ${action}`),
            ...wronglyExplained.map((action) => `it has no reason to list ${action}`),
          ];
          return faults.length === 0
            ? pass("every call is allowed, and every action is called or has its reason")
            : fail(faults.join("; "), "exactly the rights that it needs");
        },
      })),
    ],
  };
};

/** What Terraform changes in place. */
const changeSettings = async ({ workspace, environment }: Place): Promise<void> => {
  const changed: Environment = {
    ...environment,
    function: { ...environment.function, memoryMegabytes: 512, reservedConcurrency: 5 },
    reconciler: { ...environment.reconciler, everyMinutes: 30 },
    notificationEmails: ["others@example.com"],
  };
  const file = join(workspace, "envs", `${environment.environment}.json`);
  await writeFile(file, JSON.stringify(changed, undefined, 2));
};

const parkEvent = async (place: Place): Promise<void> => {
  const { environment, account } = place;
  const QueueName = resourceNames(environment).deadLetterQueueName;
  const { QueueUrl } = await account.aws.sqs.send(new GetQueueUrlCommand({ QueueName }));
  const event = new ServiceEvents(environment, serviceArnOf(place, "first")).serviceAction(
    "SERVICE_STEADY_STATE",
    Math.floor(Date.now() / 1000),
  );
  await account.aws.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }));
};

/** As GitHub sets them. No commit is known of what is deployed here, and so nothing is asked of it. */
const OF_A_JOB = {
  GITHUB_STEP_SUMMARY: "/dev/null",
  GITHUB_OUTPUT: "/dev/null",
  GITHUB_WORKFLOW: "Rehearsal",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "BigBeardWebSolutions/2_bbws_tenants_event_handler",
  GITHUB_RUN_ID: "1",
  GITHUB_SHA: "0".repeat(40),
  GITHUB_TOKEN: "none",
  GITHUB_ACTOR: "rehearsal",
  REASON: "rehearsed",
};
