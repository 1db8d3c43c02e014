import { setTimeout as wait } from "node:timers/promises";
import { resourceNames } from "../../envs/resource-names.ts";
import { type Check, judge, skip } from "../../checklist/check.ts";
import { ServiceEvents } from "./ecs-events.ts";
import type { Fault } from "../emulator/lambda/function-network.ts";
import type { Stage } from "../../checklist/stage.ts";
import { createTenant, readStatuses, serviceArnOf } from "../tenants.ts";
import type { RehearsalContext } from "../context.ts";

/** Trouble of each kind while events arrive: afterwards each is in its row, or waits and can be replayed. */
export const faults = (context: RehearsalContext): Stage => {
  const { functionName } = resourceNames(context.dev.environment);
  const { network, functions, restart } = context.parts.aws;
  return {
    title: "Faults",
    runs: "until-failure",
    checks: [
      round(context, "DynamoDB throttles for a while", "throttled", async () => {
        network.break(THROTTLING);
        await untilHit(network.faults);
        await wait(FOR_A_WHILE_MS);
        network.heal();
        return `${network.faults()} requests throttled`;
      }),
      round(context, "ECS does not tell tags for a while", "untold", async () => {
        network.break(TAGS_FAIL);
        await untilHit(network.faults);
        await wait(FOR_A_WHILE_MS);
        network.heal();
        return `${network.faults()} requests failed`;
      }),
      round(context, "The function is killed in mid-batch", "killed", async () => {
        const before = functions.invocations(functionName);
        await until(() => functions.invocations(functionName) > before + 3);
        return `${await functions.killSandboxes(functionName)} sandboxes killed`;
      }),
      ...(restart === undefined
        ? [NO_RESTART]
        : [
            round(context, "The emulator restarts", "restarted", async () => {
              const before = functions.invocations(functionName);
              await until(() => functions.invocations(functionName) > before + 3);
              await restart(() => wait(FOR_A_WHILE_MS));
              return "away for a while";
            }),
          ]),
    ],
  };
};

const NO_RESTART: Check = {
  title: "The emulator restarts",
  run: () => Promise.resolve(skip("skipped, as it is not ours: AWS_ENDPOINT_URL names it")),
};

const FOR_A_WHILE_MS = 3000;
const TENANTS = 12;

const THROTTLING: Fault = {
  target: /^DynamoDB_/,
  status: 400,
  error: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
  message: "The level of configured provisioned throughput for the table was exceeded.",
};
const TAGS_FAIL: Fault = {
  target: /ListTagsForResource$/,
  status: 500,
  error: "ServerException",
  message: "Service Unavailable. Please try again later.",
};

const round = (
  context: RehearsalContext,
  title: string,
  prefix: string,
  makeTrouble: () => Promise<string>,
): Check => ({
  title,
  run: async () => {
    const { dev } = context;
    const tenantIds = Array.from({ length: TENANTS }, (_, index) => `${prefix}-${index + 1}`);
    await Promise.all(tenantIds.map((tenantId) => createTenant(dev, tenantId)));
    const begin = Math.floor(Date.now() / 1000) - 600;
    const events = tenantIds.flatMap((tenantId) => {
      const service = new ServiceEvents(dev.environment, serviceArnOf(dev, tenantId));
      return [
        service.deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", begin, "ecs-svc/7"),
        service.serviceAction("SERVICE_STEADY_STATE", begin + 60),
      ];
    });
    const [trouble] = await Promise.all([makeTrouble(), context.send(dev, events)]);

    const replay = await context.ops(dev, "dlq replay dev --apply --json");
    const { result } = JSON.parse(replay.stdout) as { result?: { deleted?: number } };
    const statuses = Object.values(await readStatuses(dev, tenantIds));
    const right = statuses.filter((status) => status === "ACTIVE").length;
    return judge(
      replay.exitCode === 0 && right === TENANTS,
      `${trouble}; ${result?.deleted ?? "unknown"} of ${events.length} events replayed; ${right} of ${TENANTS} rows right`,
      `${TENANTS} of ${TENANTS} rows right`,
    );
  },
});

const untilHit = (hits: () => number): Promise<void> => until(() => hits() > 0);

const until = async (condition: () => boolean): Promise<void> => {
  const deadline = Date.now() + PATIENCE_MS;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("The function was not invoked in time");
    await wait(10);
  }
};

/** Not how long it should take, but when to give up: a busy machine may need many times what another does. */
const PATIENCE_MS = 300_000;
