import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { EventMemory } from "./event-memory.ts";
import { Expression } from "./expression.ts";
import type { TenantEvent } from "./tenant-event.ts";
import { ATTRIBUTES, lastEventAttribute, type RowAddress, type TenantRow } from "./tenant-row.ts";
import type { TenantState } from "./tenant-state.ts";

/**
 * The write of an event that was merged into a row that has been read, on condition that nobody has written the
 * row since: neither another handler (`revision`) nor another service that sets the status.
 */
export const mergePathUpdate = (
  address: RowAddress,
  row: TenantRow,
  { occurrence, serviceArn }: TenantEvent,
  events: EventMemory,
  state: TenantState,
  newStatus: string,
  now: Date,
): UpdateItemCommandInput => {
  const expression = new Expression();
  const at = (attribute: string): string => expression.path(attribute);
  const isUnchanged = (attribute: string, value: unknown): string =>
    value === undefined
      ? `attribute_not_exists(${at(attribute)})`
      : `${at(attribute)} = ${expression.value(value)}`;

  const isNewest = state.lastEvent.id === occurrence.id && state.lastEvent.name === occurrence.name;

  return {
    TableName: address.tableName,
    Key: marshall(address.key),
    ConditionExpression: [
      ...Object.keys(address.key).map((attribute) => `attribute_exists(${at(attribute)})`),
      isUnchanged(ATTRIBUTES.revision, row.revision),
      isUnchanged(address.statusAttribute, row.status),
    ].join(" AND "),
    UpdateExpression: expression.assign([
      [at(address.statusAttribute), newStatus],
      [at(ATTRIBUTES.ecsStatus), state.status],
      [at(ATTRIBUTES.statusAt), state.statusAt],
      [at(ATTRIBUTES.lastEvent), lastEventAttribute(state.lastEvent)],
      [at(ATTRIBUTES.events), events],
      [at(ATTRIBUTES.deploymentId), state.deploymentId],
      [at(ATTRIBUTES.serviceArn), isNewest ? (serviceArn ?? row.serviceArn) : (row.serviceArn ?? serviceArn)],
      [at(ATTRIBUTES.updatedAt), now.toISOString()],
      [at(ATTRIBUTES.revision), (row.revision ?? 0) + 1],
    ]),
    ExpressionAttributeNames: expression.names,
    ExpressionAttributeValues: expression.values,
  };
};
