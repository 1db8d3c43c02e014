import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { readItem, type DirectoryReading, SERVICE_ARN, writeItem } from "./directory-item.ts";
import { describe } from "./errors.ts";
import type { EventNotes } from "./event-notes.ts";
import type { TenantTags } from "./tenant-tags.ts";

/**
 * The table of which service is which tenant's, shared by all containers: ECS allows 20 look-ups a second for a whole
 * account. It is a cache: neither method rejects. What goes wrong is noted, and means asking ECS.
 */
export interface ServicesDirectory {
  /** Undefined when the directory could not be asked. */
  read(serviceArn: string): Promise<DirectoryReading | undefined>;
  /** Replaces what the directory says about the service by what ECS said now. */
  write(serviceArn: string, tags: TenantTags): Promise<void>;
}

export interface ServicesDirectoryContext {
  readonly dynamoDb: DynamoDBClient;
  readonly tableName: string;
  readonly environment: string;
  readonly now: () => Date;
  readonly notes: Pick<EventNotes, "add">;
}

/** Retries included. DynamoDB answers in milliseconds; the event's time is better spent on asking ECS. */
const TIMEOUT_MS = 1500;

export const createServicesDirectory = ({
  dynamoDb,
  tableName,
  environment,
  now,
  notes,
}: ServicesDirectoryContext): ServicesDirectory => ({
  read: async (serviceArn) => {
    try {
      const { Item: item } = await dynamoDb.send(
        new GetItemCommand({
          TableName: tableName,
          Key: { [SERVICE_ARN]: { S: serviceArn } },
          // Another container may have replaced the item a moment ago, for the deployment whose next event this is.
          ConsistentRead: true,
        }),
        { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
      );
      const reading = readItem(item, environment, now().getTime());
      if (reading.kind === "rejected") notes.add("DirectoryItemsRejected", reading.reason);
      return reading;
    } catch (error) {
      notes.add("DirectoryFailures", `reading failed: ${describe(error)}`);
      return undefined;
    }
  },
  write: async (serviceArn, tags) => {
    try {
      await dynamoDb.send(
        new PutItemCommand({ TableName: tableName, Item: writeItem(serviceArn, tags, now().getTime()) }),
        { abortSignal: AbortSignal.timeout(TIMEOUT_MS) },
      );
    } catch (error) {
      notes.add("DirectoryFailures", `writing failed: ${describe(error)}`);
    }
  },
});
