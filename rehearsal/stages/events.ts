import { transitionTable } from "../../handler/transition-table.ts";
import { type Check, type Finding, judge, pass } from "../../checklist/check.ts";
import { resourceNames } from "../../envs/resource-names.ts";
import type { EventBridgeEvent } from "../emulator/event-bus.ts";
import { about, ServiceEvents } from "./ecs-events.ts";
import type { Stage } from "../../checklist/stage.ts";
import {
  createService,
  createTenant,
  readRows,
  readStatuses,
  type RowAttributes,
  serviceArnOf,
} from "../tenants.ts";
import type { RehearsalContext } from "../context.ts";

/** Seconds since 1970 of the first event: a while ago, so that none lies in the future. */
const BEGIN = Math.floor(Date.now() / 1000) - 3600;

interface Story {
  readonly tenantId: string;
  /** What happens to its service, as ECS tells it. */
  readonly tell: (service: ServiceEvents) => readonly EventBridgeEvent[];
  readonly status: string;
  /** What the row has before, if anything. */
  readonly row?: RowAttributes;
}

const STORIES: readonly Story[] = [
  {
    tenantId: "deploys",
    tell: (service) => [
      service.deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", BEGIN, "ecs-svc/101"),
      service.serviceAction("SERVICE_DEPLOYMENT_IN_PROGRESS", BEGIN),
      service.deployment("SERVICE_DEPLOYMENT_COMPLETED", BEGIN + 90, "ecs-svc/101"),
      service.serviceAction("SERVICE_STEADY_STATE", BEGIN + 90),
    ],
    status: "ACTIVE",
  },
  {
    tenantId: "is-on-its-way",
    tell: (service) => [service.deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", BEGIN, "ecs-svc/102")],
    status: "PROVISIONING",
  },
  {
    tenantId: "finds-no-capacity",
    tell: (service) => [
      service.deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", BEGIN, "ecs-svc/103"),
      service.serviceAction("SERVICE_TASK_PLACEMENT_FAILURE", BEGIN + 20, { reason: "RESOURCE:CPU" }),
    ],
    status: "FAILED",
  },
  {
    tenantId: "rolls-back",
    tell: (service) => [
      service.deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", BEGIN, "ecs-svc/104"),
      service.deployment(
        "SERVICE_DEPLOYMENT_IN_PROGRESS",
        BEGIN + 300,
        "ecs-svc/105",
        "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/100.",
      ),
      // ECS says so after it has begun to roll back.
      service.deployment(
        "SERVICE_DEPLOYMENT_FAILED",
        BEGIN + 310,
        "ecs-svc/104",
        "ECS deployment circuit breaker: tasks failed to start.",
      ),
    ],
    status: "ROLLING_BACK",
  },
  {
    tenantId: "scales",
    tell: (service) => [
      service.serviceAction("SERVICE_STEADY_STATE", BEGIN),
      service.serviceAction("SERVICE_DESIRED_COUNT_UPDATED", BEGIN + 60),
    ],
    status: "SCALING",
  },
  {
    tenantId: "is-deleted",
    tell: (service) => [
      service.serviceAction("SERVICE_DELETED", BEGIN + 60),
      // Late: it does not bring the tenant back.
      service.serviceAction("SERVICE_STEADY_STATE", BEGIN),
      service.serviceAction("SERVICE_STEADY_STATE", BEGIN + 61),
    ],
    status: "DEPROVISIONED",
  },
  {
    tenantId: "is-suspended",
    row: { status: "SUSPENDED" },
    tell: (service) => [service.serviceAction("SERVICE_STEADY_STATE", BEGIN)],
    status: "SUSPENDED",
  },
];

/** Events as ECS sends them, through the deployed rules to the deployed zip, and what becomes of the tenants' rows. */
export const events = (context: RehearsalContext): Stage => {
  const { dev } = context;
  const { functionName, serviceArnPrefix } = resourceNames(dev.environment);
  const invocations = (): number => context.parts.aws.functions.invocations(functionName);
  const at = (tenantId: string): ServiceEvents =>
    new ServiceEvents(dev.environment, serviceArnOf(dev, tenantId));

  const costNoInvocation = async (toSend: readonly EventBridgeEvent[]): Promise<Finding> => {
    const before = invocations();
    const deliveries = await context.send(dev, toSend);
    const matched = deliveries.filter(({ rules }) => rules.length > 0).length;
    return judge(
      matched === 0 && invocations() === before,
      `${toSend.length} events, ${matched} let through, ${invocations() - before} invocations`,
      `${toSend.length} events, 0 let through, 0 invocations`,
    );
  };

  return {
    title: "Events through the deployed rules",
    runs: "until-failure",
    checks: [
      ...STORIES.map(({ tenantId, tell, status, row }) => ({
        title: `A tenant that ${tenantId.replaceAll("-", " ")}`,
        run: async () => {
          await createTenant(dev, tenantId, row === undefined ? {} : { row });
          // In order: what another order makes of it is for the step below.
          for (const event of tell(at(tenantId))) await context.send(dev, [event]);
          const found = (await readStatuses(dev, [tenantId]))[tenantId];
          return judge(found === status, String(found), status);
        },
      })),
      {
        title: "Every mapped name leads to the status of the transition table",
        run: async () => {
          const names = transitionTable.eventNames;
          const tenantOf = (name: string): string => `sees-${name.toLowerCase().replaceAll("_", "-")}`;
          await Promise.all(names.map((name) => createTenant(dev, tenantOf(name))));
          await context.send(
            dev,
            names.map((name) => at(tenantOf(name)).serviceAction(name, BEGIN)),
          );
          const statuses = await readStatuses(dev, names.map(tenantOf));
          const wrong = names.filter(
            (name) => statuses[tenantOf(name)] !== transitionTable.canonicalEvent(name)?.status,
          );
          return judge(
            wrong.length === 0,
            wrong.length === 0 ? `all ${names.length}` : wrong.join(", "),
            `all ${names.length}`,
          );
        },
      },
      {
        title: "Events that no status follows from cost no invocation",
        run: () =>
          costNoInvocation(
            ["CAPACITY_PROVIDER_STEADY_STATE", "TASKS_STOPPED", "ECS_OPERATION_THROTTLED"].map((name) =>
              at("first").serviceAction(name, BEGIN),
            ),
          ),
      },
      {
        title: "Events of another cluster cost no invocation",
        run: () => {
          const other = new ServiceEvents(
            { ...dev.environment, cluster: "other-cluster" },
            serviceArnPrefix.replace(dev.environment.cluster, "other-cluster") + "shop",
          );
          return costNoInvocation([
            other.serviceAction("SERVICE_STEADY_STATE", BEGIN),
            other.deployment("SERVICE_DEPLOYMENT_COMPLETED", BEGIN, "ecs-svc/1"),
          ]);
        },
      },
      {
        title: "Services without tags, of another environment, without a row: no row is made or changed",
        run: async () => {
          await createService(dev, "untagged", {});
          await createService(dev, "of-sit", { "bbws:tenant-id": "first", "bbws:environment": "sit" });
          await createService(dev, "without-row");
          const before = JSON.stringify([...(await readRows(dev))]);
          const deliveries = await context.send(
            dev,
            ["untagged", "of-sit", "without-row"].map((tenantId) =>
              at(tenantId).serviceAction("SERVICE_STEADY_STATE", BEGIN),
            ),
          );
          const invoked = deliveries.filter((delivery) => delivery.invoked === 1).length;
          const isSame = JSON.stringify([...(await readRows(dev))]) === before;
          return judge(
            isSame && invoked === 3,
            `${invoked} invocations, rows ${isSame ? "as before" : "changed"}`,
            "3 invocations, rows as before",
          );
        },
      },
      orderIndependence(context),
    ],
  };
};

/** Four tenants go through the same history; for each it arrives in another order, partly twice, and all at once. */
const orderIndependence = (context: RehearsalContext): Check => ({
  title: "In whatever order and however often events arrive, side by side: the same row",
  run: async () => {
    const { dev } = context;
    const twins = ["twin-1", "twin-2", "twin-3", "twin-4"];
    await Promise.all(twins.map((tenantId) => createTenant(dev, tenantId)));
    const service = new ServiceEvents(dev.environment, "");
    const history = [
      service.deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", BEGIN, "ecs-svc/1"),
      service.deployment("SERVICE_DEPLOYMENT_COMPLETED", BEGIN + 60, "ecs-svc/1"),
      service.serviceAction("SERVICE_STEADY_STATE", BEGIN + 60),
      service.serviceAction("SERVICE_DESIRED_COUNT_UPDATED", BEGIN + 120),
      service.serviceAction("SERVICE_STEADY_STATE", BEGIN + 180),
      service.deployment("SERVICE_DEPLOYMENT_IN_PROGRESS", BEGIN + 240, "ecs-svc/2"),
      service.serviceAction("SERVICE_TASK_PLACEMENT_FAILURE", BEGIN + 250),
      service.deployment(
        "SERVICE_DEPLOYMENT_IN_PROGRESS",
        BEGIN + 300,
        "ecs-svc/3",
        "rolling back to deployment",
      ),
      service.deployment("SERVICE_DEPLOYMENT_FAILED", BEGIN + 310, "ecs-svc/2"),
      service.serviceAction("SERVICE_STEADY_STATE", BEGIN + 400),
    ];
    const arrivals = twins.flatMap((tenantId, twin) => {
      const turned = [...history.slice(3 * twin), ...history.slice(0, 3 * twin)];
      const again = turned.filter((_, index) => index % 3 === twin % 3);
      return [...(twin % 2 === 0 ? turned : turned.reverse()), ...again].map((event, index) => ({
        event: about(event, serviceArnOf(dev, tenantId)),
        index,
      }));
    });
    const mixed = arrivals.sort((one, other) => one.index - other.index).map(({ event }) => event);
    await context.send(dev, mixed, 8);

    const rows = await readRows(dev);
    const [first, ...others] = twins.map((tenantId) => remembered(rows.get(tenantId)));
    const isSame = others.every((other) => other === first);
    return isSame
      ? pass(`${mixed.length} deliveries, 4 equal rows: ${String(rows.get("twin-1")?.["status"])}`)
      : judge(false, [first, ...others].join("\n"), "4 equal rows");
  },
});

/** What must not depend on the order; the revision counts the writes, and may. */
const remembered = (row: RowAttributes = {}): string =>
  JSON.stringify(
    ["status", "ecs_status", "status_at", "last_event", "events", "deployment_id"].map((name) => row[name]),
    (_, value: unknown) =>
      typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
        : value,
  );
