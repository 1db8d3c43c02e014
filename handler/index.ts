import { setTimeout as wait } from "node:timers/promises";
import { createDynamoDbClient, createEcsClient } from "./aws-clients.ts";
import { readConfiguration } from "./configuration.ts";
import { createEventLog } from "./event-log.ts";
import { createEventProcessor } from "./event-processor.ts";
import { createHandler } from "./handler.ts";
import { createLogger } from "./logger.ts";
import { createTenantLookup } from "./tenant-lookup.ts";
import { createTenantStore } from "./tenant-store.ts";
import { transitionTable as table } from "./transition-table.ts";

// eslint-disable-next-line no-restricted-syntax -- this is the edge where the environment is read
const configuration = readConfiguration(process.env);
const now = (): Date => new Date();

/** The Lambda function's entry point, `index.handler`. */
export const handler = createHandler(
  createEventProcessor({
    configuration,
    table,
    lookUpTenant: createTenantLookup({ ecs: createEcsClient(), now: () => performance.now() }),
    store: createTenantStore({
      dynamoDb: createDynamoDbClient(),
      configuration,
      table,
      now,
      wait: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
    }),
  }),
  createEventLog(createLogger(configuration.logLevel), configuration.environment, now),
);
