import { paginateScan } from "@aws-sdk/client-dynamodb";
import { readItem } from "../../handler/directory-item.ts";
import type { Context } from "../context.ts";

/** What the directory of services says of a tenant: a service that it took for the tenant's. */
export interface DirectoryItem {
  readonly serviceArn: string;
  /** When ECS said so. */
  readonly learnedAt: string | undefined;
  /** Why the handler does not believe it, when it does not. */
  readonly rejected: string | undefined;
}

export const listDirectoryItems = async (
  { aws, names, environment, clock, signal }: Context,
  tenantId: string,
): Promise<readonly DirectoryItem[]> => {
  const found: DirectoryItem[] = [];
  for await (const { Items: items = [] } of paginateScan(
    { client: aws.dynamoDb },
    {
      TableName: names.servicesTableName,
      FilterExpression: "tenant_id = :tenant",
      ExpressionAttributeValues: { ":tenant": { S: tenantId } },
    },
    { abortSignal: signal },
  ))
    for (const item of items) {
      const reading = readItem(item, environment.environment, clock.now().getTime());
      found.push({
        serviceArn: item[names.servicesTableKey]?.S ?? "",
        learnedAt: item["learned_at"]?.S,
        rejected: reading.kind === "rejected" ? reading.reason : undefined,
      });
    }
  return found;
};
