import { paginateScan } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { transitionTable } from "../../handler/transition-table.ts";
import { eventSeenAs } from "../../reconcile/seen-event.ts";
import { createTenantIdReader } from "../../reconcile/tenant-key.ts";
import type { Context } from "../context.ts";

/** What the table calls a tenant whose deployment has failed. */
export const FAILED_STATUS = eventSeenAs("failed", transitionTable).status;

/** The tenants whose row says that they failed. */
export const listFailedTenants = async ({
  aws,
  environment,
  signal,
}: Pick<Context, "aws" | "environment" | "signal">): Promise<readonly string[]> => {
  const { table, key, statusAttribute } = environment.tenants;
  const tenantIdOf = createTenantIdReader(key);
  const keys = Object.keys(key);
  const failed: string[] = [];
  for await (const { Items = [] } of paginateScan(
    { client: aws.dynamoDb },
    {
      TableName: table,
      FilterExpression: "#status = :failed",
      ProjectionExpression: keys.map((_, index) => `#k${index}`).join(", "),
      ExpressionAttributeNames: {
        "#status": statusAttribute,
        ...Object.fromEntries(keys.map((name, index) => [`#k${index}`, name])),
      },
      ExpressionAttributeValues: { ":failed": { S: FAILED_STATUS } },
    },
    { abortSignal: signal },
  ))
    for (const item of Items) {
      const tenantId = tenantIdOf(unmarshall(item));
      if (tenantId !== undefined) failed.push(tenantId);
    }
  return failed.sort();
};
