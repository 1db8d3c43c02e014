import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { ObstacleError } from "../checklist/errors.ts";
import type { Environment } from "../envs/environment.ts";
import { MalformedRowError } from "../handler/errors.ts";
import type { RowAddress } from "../handler/row-attributes.ts";
import { rowKey } from "../handler/row-key.ts";
import { parseTenantRow, type StoredRow } from "../handler/tenant-row.ts";
import type { TransitionTable } from "../handler/transition-table.ts";
import { type Cured, curedRowUpdate } from "./forget-future.ts";

/** A row, and where it is. */
export interface FoundRow {
  readonly address: RowAddress;
  readonly row: StoredRow;
}

/** @throws {ObstacleError} when there is no such row, or the handler could not read it. */
export const findRow = async (
  dynamoDb: DynamoDBClient,
  { table: tableName, key, statusAttribute }: Environment["tenants"],
  tenantId: string,
  table: TransitionTable,
  abortSignal: AbortSignal,
): Promise<FoundRow> => {
  const address = { tenantId, tableName, key: rowKey(key, tenantId), statusAttribute };
  const { Item: item } = await dynamoDb.send(
    new GetItemCommand({ TableName: tableName, Key: marshall(address.key), ConsistentRead: true }),
    { abortSignal },
  );
  if (item === undefined) throw new ObstacleError(`there is no tenant ${tenantId} in ${tableName}`);
  try {
    return { address, row: parseTenantRow(item, address, table) };
  } catch (error) {
    if (!(error instanceof MalformedRowError)) throw error;
    throw new ObstacleError(`the row cannot be read: ${error.violations.join("; ")}`, { cause: error });
  }
};

/** @throws {ObstacleError} when somebody has written the row since it was found. */
export const cureRow = async (
  dynamoDb: DynamoDBClient,
  { address, row }: FoundRow,
  cured: Cured,
  table: TransitionTable,
  now: Date,
): Promise<void> => {
  try {
    await dynamoDb.send(new UpdateItemCommand(curedRowUpdate(address, row, cured, table, now)));
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    throw new ObstacleError("the row was written meanwhile; nothing was changed: run the command again", {
      cause: error,
    });
  }
};
