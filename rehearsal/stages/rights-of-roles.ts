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
import { judgeExit, type Place, type RehearsalContext } from "../context.ts";
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

  const ops = (purpose: RolePurpose, args: string, exitCode = 0): Check => ({
    title: `${purpose}: ops ${args}`,
    run: async () => judgeExit(await context.ops(place, args, await sessions[purpose]()), exitCode),
  });
  const step = (purpose: RolePurpose, title: string, run: string): Check => ({
    title: `${purpose}: ${title}`,
    run: async () =>
      judgeExit(
        await context.step(place, run, { variables: { ...(await sessions[purpose]()), ...OF_A_JOB } }),
      ),
  });
  const ci = (purpose: RolePurpose, args: string): Check =>
    step(purpose, `ci ${args}`, `node --import tsx ci/main.ts ${args}`);

  return {
    title: "What the workflows do, each in its role",
    runs: "all",
    checks: [
      ops("deploy", `deploy ${name} --reason first`),
      {
        title: "deploy: ops deploy, of changed sources and settings",
        run: async () => {
          await changeSources(place, "second");
          await changeSettings(place);
          const variables = await sessions.deploy();
          return judgeExit(await context.ops(place, `deploy ${name} --rollback --reason second`, variables));
        },
      },
      ops("deploy", `monitor ${name} --minutes 1 --rollback --allow-idle --reason rehearsed`),
      ops("read", `reconcile ${name}`, 1),
      ops("deploy", `reconcile ${name} --apply --reason rehearsed`),
      ops("read", `rollback ${name} --dry-run --reason rehearsed`),
      ops("deploy", `rollback ${name} --reason rehearsed`),
      ops("deploy", `release ${name} --again --reason rehearsed`),
      ...["verify", "status", "tenants", "history", "metrics"].map((command) =>
        ops("read", `${command} ${name}`),
      ),
      ops("read", `logs ${name} --status failed`),
      // It has just been released, and asks AWS all the same.
      ops("read", `gate --from ${name} --lookback 24h --allow-idle`, 1),
      {
        title: "An event is parked",
        run: async () => {
          await parkEvent(place);
          return pass(environment.environment);
        },
      },
      ops("read", `dlq peek ${name}`),
      ops("read", `dlq replay ${name}`),
      ops("deploy", `dlq replay ${name} --apply`),
      // The code of `ci drift` itself is not to be had: the emulator gives a link that leads nowhere.
      step("read", "the plan of drift", planOf(name, "")),
      ci("read", `notify ${name}`),
      step("plan", "the plan of a pull request", planOf(name, "-refresh=false")),
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

/** As `ci plan` and `ci drift` do it, but for what they tell GitHub. */
const planOf = (name: string, options: string): string =>
  [
    "export CDKTF_OUTDIR=dist/plan-of-a-pull-request",
    "node --import tsx main.ts",
    `cd dist/plan-of-a-pull-request/stacks/${name}`,
    "terraform init -input=false -no-color",
    `terraform plan -input=false -no-color -lock=false ${options}`,
  ].join("\n");

const OF_A_JOB = {
  GITHUB_STEP_SUMMARY: "/dev/null",
  GITHUB_WORKFLOW: "Drift",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "BigBeardWebSolutions/2_bbws_tenants_event_handler",
  GITHUB_RUN_ID: "1",
};
