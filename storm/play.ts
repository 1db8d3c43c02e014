import type { Scheduler } from "./clock.ts";
import { createDynamoDb, type DynamoDb } from "./dynamodb.ts";
import { createEcs } from "./ecs.ts";
import {
  CLUSTER_ARN,
  serviceAction,
  SERVICES_TABLE,
  stormEvent,
  tenantIdOf,
  TENANTS_TABLE,
} from "./events.ts";
import { type Container, createLambda, type Fate } from "./lambda.ts";
import { type Observations, type StormMeasurements, measure } from "./measurements.ts";
import type { Scenario } from "./scenario.ts";
import type { Service } from "./service.ts";
import { HOUR_MS } from "../checklist/durations.ts";

/** Where a storm is played: in simulated time, or on this machine. */
export interface PlayContext {
  readonly clock: Scheduler;
  readonly random: () => number;
  /** Starts a container with these environment variables and services. */
  readonly start: (number: number, environment: ContainerVariables, services: Services) => Promise<Container>;
}

export type ContainerVariables = Readonly<Record<string, string>>;

export interface Services {
  readonly dynamodb: Service;
  readonly ecs: Service;
}

/** An account's limit on concurrent executions, unless it is raised. */
const CONCURRENCY = 1000;
/** What the services take to answer, at least, and how much more, as often as not half of it. */
const LATENCY_MS = { dynamodb: [4, 8], ecs: [25, 30] } as const;

/** Plays a scenario to its end: until each event is handled or a dead letter. */
export const playScenario = async (
  scenario: Scenario,
  { clock, random, start }: PlayContext,
  progress: (settled: number) => void,
): Promise<StormMeasurements> => {
  const latency =
    ([least, more]: readonly [number, number]): (() => number) =>
    () =>
      least + more * random();
  const startedAt = clock.now();
  let hasBegun = false;
  const isWithin = (span: readonly [number, number] | undefined): boolean => {
    const at = clock.now() - startedAt;
    return hasBegun && span !== undefined && at >= span[0] && at < span[1];
  };
  const ecs = createEcs({
    clock,
    ...scenario.ecs,
    latencyMs: latency(LATENCY_MS.ecs),
    isAway: () => isWithin(scenario.ecsAway),
  });
  const dynamoDb = createDynamoDb({
    tables: { [TENANTS_TABLE]: "tenant_id", [SERVICES_TABLE]: "service_arn" },
    latencyMs: latency(LATENCY_MS.dynamodb),
    throttles: (table) => table === TENANTS_TABLE && isWithin(scenario.writesThrottled) && random() < 0.5,
  });
  const services = { dynamodb: dynamoDb.service, ecs: ecs.service };
  const environment = {
    ENVIRONMENT: "dev",
    TENANTS_TABLE,
    CLUSTER_ARN,
    LOG_LEVEL: "info",
    AWS_REGION: "af-south-1",
    AWS_ACCESS_KEY_ID: "AKIASTORM",
    AWS_SECRET_ACCESS_KEY: "storm",
    ...(scenario.directory ? { SERVICES_TABLE } : {}),
  };
  const startContainer = (number: number): Promise<Container> => start(number, environment, services);

  await prime(scenario, dynamoDb, await startContainer(-1), startedAt - HOUR_MS);
  hasBegun = true;
  const before = { ecs: ecs.requests.length, dynamoDb: total(dynamoDb.requests) };

  const lambda = createLambda({
    clock,
    start: startContainer,
    concurrency: CONCURRENCY,
    retryAfterMs: scenario.retryAfterMs,
  });
  let settled = 0;
  const fates = await Promise.all(
    Array.from({ length: scenario.services }, async (_, index): Promise<Fate> => {
      const at = (index * scenario.withinMs) / scenario.services;
      await new Promise<void>((resolve) => clock.after(at, resolve));
      const fate = await lambda.invoke(stormEvent(index, clock.now()));
      progress(++settled);
      return fate;
    }),
  );
  const observed: Observations = {
    fates,
    ecs: ecs.requests.slice(before.ecs),
    dynamoDbRequests: total(dynamoDb.requests) - before.dynamoDb,
    containers: lambda.containers,
  };
  return measure(observed);
};

const total = (requests: ReadonlyMap<string, number>): number =>
  [...requests.values()].reduce((sum, count) => sum + count, 0);

/**
 * Lets the function itself handle an earlier event of one tenant, then copies what it wrote for all others: rows, and
 * where services are known the directory, are as this version of the function writes them.
 */
const prime = async (
  { services, known }: Scenario,
  dynamoDb: DynamoDb,
  container: Container,
  at: number,
): Promise<void> => {
  const put = (table: string, item: object): void => {
    const answer = dynamoDb.service({
      target: "DynamoDB_20120810.PutItem",
      body: { TableName: table, Item: item },
      container: -1,
    });
    if (answer === "silence" || answer.status !== 200) throw new Error("The table could not be filled");
  };
  put(TENANTS_TABLE, { tenant_id: { S: tenantIdOf(0) }, status: { S: "ACTIVE" } });
  await container.handle(serviceAction(0, at, "SERVICE_STEADY_STATE"));
  for (const table of [TENANTS_TABLE, SERVICES_TABLE]) {
    const [written] = [...dynamoDb.items(table).values()];
    if (table === SERVICES_TABLE && !known) dynamoDb.items(table).clear();
    else if (written !== undefined) {
      const text = JSON.stringify(written);
      for (let index = 1; index < services; index++) {
        put(table, JSON.parse(text.replaceAll(tenantIdOf(0), tenantIdOf(index))) as object);
      }
    }
  }
};
