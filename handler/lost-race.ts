import { type AttributeValue, ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";

/** The row has changed, or was not as expected. */
export interface Lost {
  readonly kind: "lost";
  /** The row that won, where DynamoDB says it: of a row that is not there, and in some emulations, it does not. */
  readonly item: Readonly<Record<string, AttributeValue>> | undefined;
}

/** Tells a write that lost against another one from a failed one. */
export const lostRace = async <T>(write: Promise<T>): Promise<T | Lost> => {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { kind: "lost", item: error.Item };
    // Another service writes the row in a transaction.
    if (error instanceof Error && error.name === "TransactionConflictException")
      return { kind: "lost", item: undefined };
    throw error;
  }
};
