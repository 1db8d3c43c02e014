import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { SERVICE_ARN } from "../handler/directory-item.ts";

/**
 * Keeps two runs apart: an item of the directory's table, under a key that is no service's. A run that is killed does not
 * give it back, and so it ends by itself.
 */
export interface Lease {
  /** It is the holder's until then (ms since 1970); undefined while it is another's. */
  take(holder: string, until: number): Promise<TakenLease | undefined>;
  /**
   * Does nothing when it is another's by now.
   * @param resumeAt the shard that the next run begins to repair with; undefined when this one came to all of them.
   */
  giveBack(holder: string, resumeAt: number | undefined): Promise<void>;
  /** Whose it is, and until when (ms since 1970); undefined when it is nobody's. */
  look(): Promise<LeaseHolder | undefined>;
}

export interface TakenLease {
  /** The shard to begin with; 0 when the run before came to all of them. */
  readonly resumeAt: number;
}

interface LeaseHolder {
  readonly holder: string;
  readonly until: number;
}

const LEASE_KEY = "lease/reconciler";
const RESUME_AT = "resume_at";

/** DynamoDB removes the item of a run that was killed, some time after it has ended. */
const KEPT_FOR_MS = 24 * 60 * 60 * 1000;

export const createLease = (dynamoDb: DynamoDBClient, tableName: string, now: () => Date): Lease => {
  const key = { [SERVICE_ARN]: { S: LEASE_KEY } };
  /** An item is written where there is none, or one whose time is over. */
  const itemOf = (holder: string, until: number): Record<string, AttributeValue> => ({
    ...key,
    lease_holder: { S: holder },
    lease_until: { N: String(until) },
    expires_at: { N: String(Math.ceil((until + KEPT_FOR_MS) / 1000)) },
  });
  const isHolders = (holder: string) => ({
    ConditionExpression: "#holder = :holder",
    ExpressionAttributeNames: { "#holder": "lease_holder" },
    ExpressionAttributeValues: { ":holder": { S: holder } },
  });
  return {
    take: (holder, until) =>
      unlessRefused(async () => {
        const { Attributes: before } = await dynamoDb.send(
          new PutItemCommand({
            TableName: tableName,
            Item: itemOf(holder, until),
            // Its own: the SDK sends the request again when the answer was lost.
            ConditionExpression: "attribute_not_exists(#key) OR #until < :now OR #holder = :holder",
            ExpressionAttributeNames: {
              "#key": SERVICE_ARN,
              "#until": "lease_until",
              "#holder": "lease_holder",
            },
            ExpressionAttributeValues: { ":now": { N: String(now().getTime()) }, ":holder": { S: holder } },
            ReturnValues: "ALL_OLD",
          }),
        );
        return { resumeAt: Number(before?.[RESUME_AT]?.N ?? 0) };
      }),
    giveBack: async (holder, resumeAt) => {
      await unlessRefused(() =>
        resumeAt === undefined
          ? dynamoDb.send(new DeleteItemCommand({ TableName: tableName, Key: key, ...isHolders(holder) }))
          : dynamoDb.send(
              new PutItemCommand({
                TableName: tableName,
                Item: { ...itemOf(holder, now().getTime() - 1), [RESUME_AT]: { N: String(resumeAt) } },
                ...isHolders(holder),
              }),
            ),
      );
    },
    look: async () => {
      const { Item: item } = await dynamoDb.send(
        new GetItemCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
      );
      const holder = item?.["lease_holder"]?.S;
      return holder === undefined ? undefined : { holder, until: Number(item?.["lease_until"]?.N) };
    },
  };
};

const unlessRefused = async <T>(write: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await write();
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
};
