import { UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateClusterCommand,
  DeleteServiceCommand,
  StopTaskCommand,
  TagResourceCommand,
} from "@aws-sdk/client-ecs";
import { setTimeout as wait } from "node:timers/promises";
import { type Check, type Finding, judge } from "../../checklist/check.ts";
import type { Stage } from "../../checklist/stage.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import type { RehearsalContext } from "../context.ts";
import { judgeExit } from "../judge-exit.ts";
import { takeTurn } from "../emulator/schedule.ts";
import { createService, createTenant, putRow, readRows, readStatuses, serviceArnOf } from "../tenants.ts";
import { judgeSameCode, liveVersion } from "../versions.ts";
import { ServiceEvents } from "./ecs-events.ts";

/** What a run answers, as far as it is looked at. */
interface RunAnswered {
  readonly status?: string;
  readonly drifted?: number;
  readonly repaired?: number;
  readonly why?: string;
  readonly errorType?: string;
}

/** A while ago, so that none of these events lies in the future. */
const BEGIN = Math.floor(Date.now() / 1000) - 1800;

const DELETED = "heals-deleted";
const TAGGED_LATE = "heals-tagged-late";
const ROW_LATE = "heals-row-late";
const STOPPED = "heals-stopped";
/** Each loses four events: a deployment that begins, is completed and reported by both detail-types. */
const UNHEARD = Array.from({ length: 5 }, (_, index) => `heals-unheard-${index + 1}`);
const INTERRUPTED = Array.from({ length: 8 }, (_, index) => `heals-interrupted-${index + 1}`);
const AFTER_ROLLBACK = "heals-after-rollback";

/** What no event tells is found by the schedule's next run, and a run that cannot be right changes nothing. */
export const selfHealing = (context: RehearsalContext): Stage => {
  const { dev } = context;
  const names = resourceNames(dev.environment);
  const { aws } = dev.account;
  const { functions } = context.parts.aws;

  const run = async (): Promise<RunAnswered> =>
    JSON.parse((await takeTurn(aws, names.reconciler.scheduleName)).answer) as RunAnswered;
  const becomeSteady = async (tenantIds: readonly string[]): Promise<void> => {
    await context.send(
      dev,
      tenantIds.map((tenantId) =>
        new ServiceEvents(dev.environment, serviceArnOf(dev, tenantId)).serviceAction(
          "SERVICE_STEADY_STATE",
          BEGIN,
        ),
      ),
    );
  };
  const judgeRows = async (
    expected: Readonly<Record<string, string>>,
    ran: RunAnswered,
  ): Promise<Finding> => {
    const found = await readStatuses(dev, Object.keys(expected));
    const wrong = Object.entries(expected).filter(([tenantId, status]) => found[tenantId] !== status);
    return judge(
      wrong.length === 0 && ran.status === "reconciled",
      `${describe(ran)}; ${wrong.map(([tenantId]) => `${tenantId} ${String(found[tenantId])}`).join(", ") || "every row is right"}`,
      `reconciled; ${Object.entries(expected)
        .map(([tenantId, status]) => `${tenantId} ${status}`)
        .join(", ")}`,
    );
  };
  const active = (tenantIds: readonly string[]): Record<string, string> =>
    Object.fromEntries(tenantIds.map((tenantId) => [tenantId, "ACTIVE"]));

  return {
    title: "The table heals itself",
    runs: "until-failure",
    checks: [
      {
        title: "A run with nothing to do changes nothing",
        run: async () => {
          // For what was there before.
          await run();
          const before = await rowsOf(context);
          const ran = await run();
          const isSame = (await rowsOf(context)) === before;
          return judge(
            ran.status === "reconciled" && ran.drifted === 0 && isSame,
            `${describe(ran)}, rows ${isSame ? "as before" : "changed"}`,
            "reconciled, 0 differ, rows as before",
          );
        },
      },
      {
        title:
          "Deleted with no event, tagged late, a row written late, all tasks stopped, 20 events lost: one run",
        run: async () => {
          await createTenant(dev, DELETED);
          await createTenant(dev, STOPPED);
          await createTenant(dev, TAGGED_LATE, { tags: {} });
          await createService(dev, ROW_LATE);
          await becomeSteady([DELETED, STOPPED, TAGGED_LATE, ROW_LATE]);
          for (const tenantId of UNHEARD) await createTenant(dev, tenantId);

          const { cluster, environment } = dev.environment;
          const service = `tenant-${DELETED}`;
          await aws.ecs.send(new DeleteServiceCommand({ cluster, service, force: true }));
          const tags = { "bbws:tenant-id": TAGGED_LATE, "bbws:environment": environment };
          await aws.ecs.send(
            new TagResourceCommand({
              resourceArn: serviceArnOf(dev, TAGGED_LATE),
              tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
            }),
          );
          await putRow(dev, ROW_LATE, {});
          const task = `service/tenant-${STOPPED}`;
          await aws.ecs.send(new StopTaskCommand({ cluster, task, reason: "was unable to place a task." }));
          return judgeRows(
            {
              [DELETED]: "DEPROVISIONED",
              [STOPPED]: "FAILED",
              ...active([TAGGED_LATE, ROW_LATE, ...UNHEARD]),
            },
            await run(),
          );
        },
      },
      {
        title: "The next run changes nothing",
        run: async () => {
          const before = await rowsOf(context);
          const ran = await run();
          const isSame = (await rowsOf(context)) === before;
          return judge(
            ran.status === "reconciled" && ran.drifted === 0 && isSame,
            `${describe(ran)}, rows ${isSame ? "as before" : "changed"}`,
            "reconciled, 0 differ, rows as before",
          );
        },
      },
      {
        title: "Pointed at another cluster, it blows its fuse and changes nothing",
        run: async () => {
          const before = await rowsOf(context);
          await aws.ecs.send(new CreateClusterCommand({ clusterName: "elsewhere" }));
          const { functionName } = names.reconciler;
          functions.setVariables(functionName, {
            CLUSTER_ARN: names.clusterArn.replace(/[^/]+$/, "elsewhere"),
          });
          const ran = await run();
          functions.setVariables(functionName, undefined);
          const isSame = (await rowsOf(context)) === before;
          return judge(
            ran.status === "fuse_blown" && isSame,
            `${describe(ran)}, rows ${isSame ? "as before" : "changed"}`,
            "fuse_blown, rows as before",
          );
        },
      },
      {
        title: "ops status dev says what blew it",
        run: async () => {
          const { exitCode, stdout } = await context.recordedOps("4-status-fuse.txt", dev, "status dev");
          const [line = "no line"] = /^.*Last run of the reconciler.*$/m.exec(stdout) ?? [];
          return judge(
            exitCode === 0 && /fuse blown: .*no service at all/i.test(line),
            line.trim(),
            "fuse blown: ECS shows no service at all",
          );
        },
      },
      killed(context, run),
      {
        title: "Rolled back, both functions are of the same code, and the next run repairs",
        run: async () => {
          const live = await liveVersion(dev);
          const back = judgeExit(await context.ops(dev, "rollback dev --to 1 --reason rehearsed"));
          if (back.outcome !== "pass") return back;
          const same = await judgeSameCode(dev);
          await createTenant(dev, AFTER_ROLLBACK);
          const healed = await judgeRows(active([AFTER_ROLLBACK]), await run());
          const forth = judgeExit(
            await context.ops(dev, `rollback dev --to ${live} --reason "rehearsed, back"`),
          );
          return [same, healed, forth].find(({ outcome }) => outcome !== "pass") ?? healed;
        },
      },
      { title: "and forth again: the same code", run: () => judgeSameCode(dev) },
    ],
  };

  /** It dies while it repairs: its lease runs out, and the run after that finds the rest. */
  function killed(rehearsal: RehearsalContext, next: () => Promise<RunAnswered>): Check {
    return {
      title:
        "Killed in mid-run, it leaves its lease; when that has run out, the next run makes every row right",
      run: async () => {
        for (const tenantId of INTERRUPTED) await createTenant(dev, tenantId);
        const before = functions.invocations(names.functionName);
        const [dying] = await Promise.all([
          next(),
          (async () => {
            const deadline = Date.now() + PATIENCE_MS;
            while (functions.invocations(names.functionName) === before && Date.now() < deadline)
              await wait(5);
            await functions.killSandboxes(names.reconciler.functionName);
          })(),
        ]);
        if (dying.errorType !== "Runtime.ExitError")
          return judge(false, describe(dying), "a run that was killed");
        const aside = await next();
        if (aside.status !== "stepped_aside")
          return judge(false, describe(aside), "stepped_aside, as the lease of the dead run holds");
        await letLeaseRunOut(rehearsal);
        return judgeRows(active(INTERRUPTED), await next());
      },
    };
  }
};

const describe = ({ status, errorType, drifted, repaired, why }: RunAnswered): string =>
  [
    status ?? errorType ?? "nothing",
    ...(drifted === undefined ? [] : [`${drifted} differ`]),
    ...(repaired === undefined ? [] : [`${repaired} repaired`]),
    ...(why === undefined ? [] : [why]),
  ].join(", ");

const rowsOf = async ({ dev }: RehearsalContext): Promise<string> =>
  JSON.stringify([...(await readRows(dev))]);

/** A quarter of an hour later, as far as the lease goes. */
const letLeaseRunOut = async ({ dev }: RehearsalContext): Promise<void> => {
  const { servicesTableName, servicesTableKey } = resourceNames(dev.environment);
  await dev.account.aws.dynamoDb.send(
    new UpdateItemCommand({
      TableName: servicesTableName,
      Key: { [servicesTableKey]: { S: "lease/reconciler" } },
      UpdateExpression: "SET lease_until = :past",
      ExpressionAttributeValues: { ":past": { N: "0" } },
    }),
  );
};

/** When to give up. */
const PATIENCE_MS = 120_000;
