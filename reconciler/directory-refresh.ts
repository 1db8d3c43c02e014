import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  paginateScan,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import { readItem, SERVICE_ARN, writeItem } from "../handler/directory-item.ts";
import type { Item } from "../handler/item.ts";
import type { TenantTags } from "../handler/tenant-tags.ts";
import { type ClusterServices, DESCRIBE_BATCH, type SeenService } from "../reconcile/cluster-services.ts";
import { tenantOf } from "../reconcile/service-tenant.ts";
import { shardNumbers, type Spool, type SpoolFolder } from "../reconcile/spool.ts";
import type { ReconcilerConfiguration } from "./configuration.ts";
import { type DirectoryEntry, planRefresh } from "./plan-refresh.ts";
import type { ServiceOwner } from "./service-owner.ts";

/** What became of the directory's items. */
export interface RefreshCounts {
  readonly directoryItemsWritten: number;
  readonly directoryItemsRemoved: number;
}

export interface RefreshContext {
  readonly dynamoDb: DynamoDBClient;
  readonly configuration: Pick<ReconcilerConfiguration, "environment" | "servicesTable">;
  readonly services: Pick<ClusterServices, "see">;
  readonly now: () => Date;
}

const CONCURRENCY = 16;
const PAGE = 500;

/**
 * Writes down whose each service is, so that the handler need not ask ECS, and forgets the services that ECS says are gone.
 * It reads the whole directory: that costs less than to ask for each service. Once the signal is aborted it ends; the
 * directory is a cache, and the next run goes on.
 */
export const refreshDirectory = async (
  { dynamoDb, configuration: { environment, servicesTable }, services, now }: RefreshContext,
  owners: Spool<ServiceOwner>,
  spools: SpoolFolder,
  signal: AbortSignal,
): Promise<RefreshCounts> => {
  const items = spools.create<DirectoryEntry>();
  let directoryItemsWritten = 0;
  let directoryItemsRemoved = 0;
  const isOver = (): boolean => signal.aborted;
  if (isOver()) return { directoryItemsWritten, directoryItemsRemoved };
  const pages = paginateScan(
    { client: dynamoDb },
    { TableName: servicesTable, Limit: PAGE },
    { abortSignal: signal },
  );
  for await (const { Items: page = [] } of pages)
    for (const item of page) {
      const entry = entryOf(item, environment, now().getTime());
      if (entry !== undefined) items.add(entry.serviceArn, entry);
    }

  const write = async (
    serviceArn: string,
    tags: TenantTags,
    entry: DirectoryEntry | undefined,
  ): Promise<void> => {
    const isWritten = await unlessChanged(entry, (condition) =>
      dynamoDb.send(
        new PutItemCommand({
          TableName: servicesTable,
          Item: writeItem(serviceArn, tags, now().getTime()),
          ...condition,
        }),
      ),
    );
    if (isWritten) directoryItemsWritten++;
  };
  const remove = async (entry: DirectoryEntry): Promise<void> => {
    const isRemoved = await unlessChanged(entry, (condition) =>
      dynamoDb.send(
        new DeleteItemCommand({
          TableName: servicesTable,
          Key: { [SERVICE_ARN]: { S: entry.serviceArn } },
          ...condition,
        }),
      ),
    );
    if (isRemoved) directoryItemsRemoved++;
  };
  /** Only what ECS says of the service itself counts: that it was not listed proves nothing. */
  const correct = async (entry: DirectoryEntry, answer: SeenService | undefined): Promise<void> => {
    if (answer === undefined || answer.kind === "unanswered") return;
    if (answer.kind === "missing" || answer.service.status === "INACTIVE") await remove(entry);
    else if (tenantOf(answer.service, environment).kind === "nobody")
      await write(entry.serviceArn, {}, entry);
  };
  const askAbout = async (entries: readonly DirectoryEntry[]): Promise<void> => {
    const answers = await services.see(entries.map(({ serviceArn }) => serviceArn));
    await Promise.all(entries.map((entry, index) => correct(entry, answers[index])));
  };

  let unlisted: readonly DirectoryEntry[] = [];
  for (const shard of shardNumbers) {
    if (isOver()) break;
    const plan = planRefresh(owners.read(shard), items.read(shard), now().getTime());
    await pMap(
      plan.write,
      ({ owner: { serviceArn, tenantId }, entry }) => write(serviceArn, { tenantId, environment }, entry),
      { concurrency: CONCURRENCY },
    );
    unlisted = [...unlisted, ...plan.unlisted];
    for (; unlisted.length >= DESCRIBE_BATCH; unlisted = unlisted.slice(DESCRIBE_BATCH))
      await askAbout(unlisted.slice(0, DESCRIBE_BATCH));
  }
  if (unlisted.length > 0 && !isOver()) await askAbout(unlisted);
  return { directoryItemsWritten, directoryItemsRemoved };
};

/** Undefined for what is no service's item, such as the lease. */
const entryOf = (item: Item, environment: string, now: number): DirectoryEntry | undefined => {
  const serviceArn = item[SERVICE_ARN]?.S ?? "";
  if (!serviceArn.startsWith("arn:")) return undefined;
  const reading = readItem(item, environment, now);
  const learnedAt = item["learned_at"];
  return {
    serviceArn,
    stamp: learnedAt?.S,
    isStamped: learnedAt !== undefined,
    isVacant: reading.kind === "vacant",
    known:
      reading.kind === "known"
        ? { tenantId: reading.service.tags.tenantId ?? "", learnedAt: reading.service.learnedAt }
        : undefined,
  };
};

interface UnchangedCondition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/** On condition that the item still is as it was read: the handler may have learned better since. */
const unlessChanged = async (
  entry: DirectoryEntry | undefined,
  change: (condition: UnchangedCondition) => Promise<unknown>,
): Promise<boolean> => {
  try {
    await change(conditionOf(entry));
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

const conditionOf = (entry: DirectoryEntry | undefined): UnchangedCondition => {
  if (entry === undefined)
    return {
      ConditionExpression: "attribute_not_exists(#a)",
      ExpressionAttributeNames: { "#a": SERVICE_ARN },
    };
  const names = { "#a": "learned_at" };
  return entry.stamp === undefined
    ? {
        ConditionExpression: entry.isStamped ? "NOT attribute_type(#a, :s)" : "attribute_not_exists(#a)",
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: entry.isStamped ? { ":s": { S: "S" } } : undefined,
      }
    : {
        ConditionExpression: "#a = :a",
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: { ":a": { S: entry.stamp } },
      };
};
