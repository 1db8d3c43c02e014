import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { ECSClient } from "@aws-sdk/client-ecs";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { createDynamoDbClient, requestHandler } from "../handler/aws-clients.ts";
import { createLogger } from "../handler/logger.ts";
import { transitionTable as table } from "../handler/transition-table.ts";
import { createRequestPace } from "../reconcile/request-pace.ts";
import { createCheck } from "./check.ts";
import { readReconcilerConfiguration } from "./configuration.ts";
import { createReconciler } from "./handler.ts";
import { createLease } from "./lease.ts";
import { createRun } from "./run.ts";
import { createRunLog } from "./run-log.ts";
import { createRepairSender } from "./send-repair.ts";

// eslint-disable-next-line no-restricted-syntax -- this is the edge where the environment is read
const configuration = readReconcilerConfiguration(process.env);
const { environment, servicesTable } = configuration;
const now = (): Date => new Date();
const dynamoDb = createDynamoDbClient();
// Looking at thousands of services meets ECS's limits: the client then sends more slowly.
const ecs = new ECSClient({
  retryMode: "adaptive",
  maxAttempts: 10,
  requestHandler: { ...requestHandler, requestTimeout: 10_000 },
});
// A repair takes as long as the handler does: up to its timeout of 30 s. The run's own time bounds all attempts together.
const lambda = new LambdaClient({
  maxAttempts: 4,
  requestHandler: { ...requestHandler, requestTimeout: 35_000, socketTimeout: 35_000 },
});
const lease = createLease(dynamoDb, servicesTable, now);
// The alarms hang on the metrics in the lines of a run: these are written whatever LOG_LEVEL says.
const log = createRunLog(createLogger("info"), environment, now);

/** ECS allows 20 DescribeServices a second, and 100 after a rest, for all callers of the account: some are left to them. */
const ECS_PACE = { perSecond: 18, burst: 60 };

/** The Lambda function's entry point, `reconciler.handler`. */
export const handler = createReconciler({
  environment,
  check: createCheck(configuration, ecs, lease),
  run: createRun({
    configuration,
    table,
    ecs,
    dynamoDb,
    lease,
    sender: createRepairSender(lambda, configuration),
    log,
    now,
    pace: createRequestPace(
      ECS_PACE,
      () => performance.now(),
      (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
    ),
    folder: join(tmpdir(), `reconciler-${environment}`),
  }),
  log,
});
