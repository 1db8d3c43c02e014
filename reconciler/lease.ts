import {
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
  /** True when it is the holder's until then (ms since 1970); false while it is another's. */
  take(holder: string, until: number): Promise<boolean>;
  /** Does nothing when it is another's by now. */
  giveBack(holder: string): Promise<void>;
  /** Whose it is, and until when (ms since 1970); undefined when it is nobody's. */
  look(): Promise<LeaseHolder | undefined>;
}

interface LeaseHolder {
  readonly holder: string;
  readonly until: number;
}

const LEASE_KEY = "lease/reconciler";

/** DynamoDB removes the item of a run that was killed, some time after it has ended. */
const KEPT_FOR_MS = 24 * 60 * 60 * 1000;

export const createLease = (dynamoDb: DynamoDBClient, tableName: string, now: () => Date): Lease => {
  const key = { [SERVICE_ARN]: { S: LEASE_KEY } };
  return {
    take: (holder, until) =>
      unlessRefused(async () => {
        await dynamoDb.send(
          new PutItemCommand({
            TableName: tableName,
            Item: {
              ...key,
              lease_holder: { S: holder },
              lease_until: { N: String(until) },
              expires_at: { N: String(Math.ceil((until + KEPT_FOR_MS) / 1000)) },
            },
            // Its own: the SDK sends the request again when the answer was lost.
            ConditionExpression: "attribute_not_exists(#key) OR #until < :now OR #holder = :holder",
            ExpressionAttributeNames: {
              "#key": SERVICE_ARN,
              "#until": "lease_until",
              "#holder": "lease_holder",
            },
            ExpressionAttributeValues: { ":now": { N: String(now().getTime()) }, ":holder": { S: holder } },
          }),
        );
      }),
    giveBack: async (holder) => {
      await unlessRefused(async () => {
        await dynamoDb.send(
          new DeleteItemCommand({
            TableName: tableName,
            Key: key,
            ConditionExpression: "#holder = :holder",
            ExpressionAttributeNames: { "#holder": "lease_holder" },
            ExpressionAttributeValues: { ":holder": { S: holder } },
          }),
        );
      });
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

const unlessRefused = async (write: () => Promise<void>): Promise<boolean> => {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};
