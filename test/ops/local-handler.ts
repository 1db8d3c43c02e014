import { setTimeout as wait } from "node:timers/promises";
import type { Answer } from "../../handler/answer.ts";
import { createEventNotes } from "../../handler/event-notes.ts";
import { createEventProcessor } from "../../handler/event-processor.ts";
import { createHandler } from "../../handler/handler.ts";
import { createTenantStore } from "../../handler/tenant-store.ts";
import type { TenantLookup } from "../../handler/tenant-lookup.ts";
import type { TenantTags } from "../../handler/tenant-tags.ts";
import { transitionTable as table } from "../../handler/transition-table.ts";
import type { TestTable } from "../handler/dynamodb.ts";
import { CLUSTER_ARN } from "../handler/events.ts";

/** The handler of dev over a table, of the function's own parts; tags come from what the tests name services, or as told. */
export const createLocalHandler = (
  testTable: TestTable,
  lookUpTenant: TenantLookup = (serviceArn) => Promise.resolve(tagsOfService(serviceArn)),
): ((event: unknown) => Promise<Answer>) =>
  createHandler(
    createEventProcessor({
      configuration: { environment: "dev", clusterArn: CLUSTER_ARN },
      table,
      notes: createEventNotes(),
      lookUpTenant,
      store: createTenantStore({
        dynamoDb: testTable.client,
        configuration: {
          tenantsTable: testTable.name,
          tenantKey: { tenant_id: "{tenantId}" },
          statusAttribute: "status",
        },
        table,
        now: () => new Date(),
        wait: (milliseconds, signal) => wait(milliseconds, undefined, { signal }),
      }),
    }),
    { answered: () => undefined, failed: () => undefined },
    () => new Date(),
  );

const tagsOfService = (serviceArn: string): TenantTags => {
  const [, tenantId] = /\/tenant-(.+)-wordpress$/.exec(serviceArn) ?? [];
  return tenantId === undefined ? {} : { tenantId, environment: "dev" };
};
