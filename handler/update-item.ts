import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Expression } from "./expression.ts";
import type { RowAddress } from "./row-attributes.ts";
import type { RowChange } from "./row-change.ts";

/** The request that changes an existing row if the conditions hold. If they do not, DynamoDB returns the row. */
export const updateItem = (
  { tableName, key, statusAttribute }: RowAddress,
  expression: Expression,
  { status, own }: RowChange,
  conditions: readonly string[],
): UpdateItemCommandInput => ({
  TableName: tableName,
  Key: marshall(key),
  ConditionExpression: [
    ...Object.keys(key).map((attribute) => `attribute_exists(${expression.path(attribute)})`),
    ...conditions,
  ].join(" AND "),
  UpdateExpression: expression.update([[statusAttribute, status], ...Object.entries(own)]),
  ExpressionAttributeNames: expression.names,
  ExpressionAttributeValues: expression.values,
  ReturnValuesOnConditionCheckFailure: "ALL_OLD",
});
