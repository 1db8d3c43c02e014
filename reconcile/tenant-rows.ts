import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  paginateScan,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { MalformedRowError } from "../handler/errors.ts";
import type { Item } from "../handler/item.ts";
import { rowKey } from "../handler/row-key.ts";
import { ATTRIBUTES, type RowAddress } from "../handler/row-attributes.ts";
import { parseTenantRow, type TenantRow } from "../handler/tenant-row.ts";
import type { TransitionTable } from "../handler/transition-table.ts";
import { createTenantIdReader } from "./tenant-key.ts";

/** A tenant's row as the handler would read it. */
export type SeenRow =
  | {
      readonly kind: "row";
      readonly tenantId: string;
      readonly row: TenantRow;
      /** Since when the status is what it is; undefined when ECS never said anything. */
      readonly since: string | undefined;
    }
  /** The handler would leave it untouched. */
  | { readonly kind: "malformed"; readonly tenantId: string; readonly problem: string };

/** Where the rows are. */
export interface TenantsTable {
  readonly table: string;
  /** The key template, `{tenantId}` standing for the tenant's id. */
  readonly key: Readonly<Record<string, string>>;
  readonly statusAttribute: string;
}

/** Reads all tenants' rows, one page in memory at a time, and of them only what is to be compared. */
export async function* scanTenantRows(
  dynamoDb: DynamoDBClient,
  { table: tableName, key, statusAttribute }: TenantsTable,
  table: TransitionTable,
  abortSignal: AbortSignal,
): AsyncGenerator<SeenRow> {
  const tenantIdOf = createTenantIdReader(key);
  const attributes = [
    ...Object.keys(key),
    statusAttribute,
    ATTRIBUTES.ecsStatus,
    ATTRIBUTES.statusAt,
    ATTRIBUTES.statusSince,
    ATTRIBUTES.events,
    ATTRIBUTES.serviceArn,
  ];
  const pages = paginateScan(
    { client: dynamoDb },
    {
      TableName: tableName,
      ConsistentRead: true,
      Limit: PAGE,
      ProjectionExpression: attributes.map((_, index) => `#a${index}`).join(", "),
      ExpressionAttributeNames: Object.fromEntries(attributes.map((name, index) => [`#a${index}`, name])),
    },
    { abortSignal },
  );
  for await (const { Items: items = [] } of pages) {
    for (const item of items) {
      const tenantId = tenantIdOf(unmarshall(pick(item, Object.keys(key))));
      if (tenantId !== undefined) yield readRow(item, { tenantId, tableName, key, statusAttribute }, table);
    }
  }
}

/** The row of one tenant, and the item that it was read from; undefined when there is none. */
export const readTenantRow = async (
  dynamoDb: DynamoDBClient,
  { table: tableName, key, statusAttribute }: TenantsTable,
  tenantId: string,
  table: TransitionTable,
  abortSignal: AbortSignal,
): Promise<{ readonly seen: SeenRow; readonly item: Item } | undefined> => {
  const { Item: item } = await dynamoDb.send(
    new GetItemCommand({
      TableName: tableName,
      Key: marshall(rowKey(key, tenantId)),
      ConsistentRead: true,
    }),
    { abortSignal },
  );
  return item && { seen: readRow(item, { tenantId, tableName, key, statusAttribute }, table), item };
};

/** Rows a page: DynamoDB's own limit, a megabyte, would be thousands of them in memory at a time. */
const PAGE = 500;

const readRow = (
  item: Record<string, AttributeValue>,
  address: RowAddress,
  table: TransitionTable,
): SeenRow => {
  const { tenantId } = address;
  try {
    const row = parseTenantRow(item, address, table);
    const changed = row.statusSince[row.status ?? ""];
    // Rows of earlier versions do not say when the status changed, only when ECS last confirmed it.
    const since = typeof changed === "string" ? changed : item[ATTRIBUTES.statusAt]?.S;
    const { status, ecsStatus, serviceArn, events } = row;
    return { kind: "row", tenantId, row: { status, ecsStatus, serviceArn, events }, since };
  } catch (error) {
    if (!(error instanceof MalformedRowError)) throw error;
    return { kind: "malformed", tenantId, problem: error.violations.join("; ") };
  }
};

const pick = (
  item: Record<string, AttributeValue>,
  attributes: readonly string[],
): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(item).filter(([attribute]) => attributes.includes(attribute)));
