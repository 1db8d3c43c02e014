import { createDynamoDbClient } from "./aws-clients.ts";
import { readConfiguration } from "./configuration.ts";
import { createEventLog } from "./event-log.ts";
import { createEventNotes } from "./event-notes.ts";
import { createEventProcessor } from "./event-processor.ts";
import { createHandler } from "./handler.ts";
import { createLogger } from "./logger.ts";
import { pause } from "./pause.ts";
import { createServiceTags } from "./service-tags.ts";
import { createServicesDirectory } from "./services-directory.ts";
import { createTenantLookup } from "./tenant-lookup.ts";
import { createTenantStore } from "./tenant-store.ts";
import { transitionTable as table } from "./transition-table.ts";

// eslint-disable-next-line no-restricted-syntax -- this is the edge where the environment is read
const configuration = readConfiguration(process.env);
const { environment, servicesTable } = configuration;
const now = (): Date => new Date();
const notes = createEventNotes();
const dynamoDb = createDynamoDbClient();

/** The Lambda function's entry point, `index.handler`. */
export const handler = createHandler(
  createEventProcessor({
    configuration,
    table,
    notes,
    lookUpTenant: createTenantLookup({
      askEcs: createServiceTags(() => import("./ecs.ts")),
      directory:
        servicesTable === undefined
          ? undefined
          : createServicesDirectory({ dynamoDb, tableName: servicesTable, environment, now, notes }),
      environment,
      now,
      notes,
    }),
    store: createTenantStore({
      dynamoDb,
      configuration,
      table,
      now,
      wait: pause,
    }),
  }),
  createEventLog(createLogger(configuration.logLevel), environment, now, notes),
  now,
);
