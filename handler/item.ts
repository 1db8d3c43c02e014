import type { AttributeValue } from "@aws-sdk/client-dynamodb";

/** A DynamoDB item: attribute values by name, as the client takes and returns them. */
export type Item = Readonly<Record<string, AttributeValue>>;
