import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { Expression } from "./expression.ts";
import type { TenantEvent } from "./tenant-event.ts";
import { ATTRIBUTES, lastEventAttribute, type RowAddress } from "./tenant-row.ts";
import type { TransitionTable } from "./transition-table.ts";

/**
 * The one write of an event that arrives in order: it applies the event without having read the row, on condition
 * that reading it would have led to the very same write. Where the condition fails, the row must be read.
 *
 *     last_event     this event
 *     ────●──────────────●──────▶   (time, precedence)
 *         status and ecs_status: none that the event leaves alone
 *         deployment_id:         the event's own, where only that one counts
 */
export const fastPathUpdate = (
  address: RowAddress,
  { rule, occurrence, serviceArn }: TenantEvent,
  table: TransitionTable,
  now: Date,
): UpdateItemCommandInput => {
  const { name, ...remembered } = occurrence;
  const expression = new Expression();
  const at = (...path: string[]): string => expression.path(...path);
  const status = at(address.statusAttribute);
  const ecsStatus = at(ATTRIBUTES.ecsStatus);
  const revision = at(ATTRIBUTES.revision);
  const lastAt = at(ATTRIBUTES.lastEvent, "at");

  const rowExists = Object.keys(address.key).map((attribute) => `attribute_exists(${at(attribute)})`);
  // A row that another service has malformed is left for the merge path to report.
  const string = expression.value("S");
  const isWellFormed = [
    `attribute_type(${at(ATTRIBUTES.events)}, ${expression.value("M")})`,
    `attribute_type(${revision}, ${expression.value("N")})`,
    `attribute_type(${ecsStatus}, ${string})`,
    `(attribute_not_exists(${status}) OR attribute_type(${status}, ${string}))`,
  ];

  const time = expression.value(occurrence.at);
  const lastHasLowerPrecedence = expression.isOneOf([ATTRIBUTES.lastEvent, "name"], table.namesBefore(name));
  const isNewest =
    lastHasLowerPrecedence === undefined
      ? `${lastAt} < ${time}`
      : `(${lastAt} < ${time} OR (${lastAt} = ${time} AND ${lastHasLowerPrecedence}))`;

  const kept = table.leftAlone(rule);
  const appliesToStatus = [
    expression.isOneOf([address.statusAttribute], kept),
    expression.isOneOf([ATTRIBUTES.ecsStatus], kept),
  ]
    .filter((isKept) => isKept !== undefined)
    .map((isKept) => `NOT ${isKept}`);

  const appliesToDeployment =
    rule.onlyCurrentDeployment === true && occurrence.deploymentId !== undefined
      ? [isNothingOrEqual(at(ATTRIBUTES.deploymentId), expression.value(occurrence.deploymentId))]
      : [];

  const update = expression.assign([
    [status, rule.status],
    [ecsStatus, rule.status],
    [at(ATTRIBUTES.statusAt), occurrence.at],
    [at(ATTRIBUTES.lastEvent), lastEventAttribute(occurrence)],
    [at(ATTRIBUTES.events, name), remembered],
    [at(ATTRIBUTES.updatedAt), now.toISOString()],
    ...(serviceArn === undefined ? [] : [[at(ATTRIBUTES.serviceArn), serviceArn] as const]),
    ...(rule.startsDeployment === true
      ? [[at(ATTRIBUTES.deploymentId), occurrence.deploymentId] as const]
      : []),
  ]);

  return {
    TableName: address.tableName,
    Key: marshall(address.key),
    ConditionExpression: [
      ...rowExists,
      ...isWellFormed,
      isNewest,
      ...appliesToStatus,
      ...appliesToDeployment,
    ].join(" AND "),
    UpdateExpression: `${update} ADD ${revision} ${expression.value(1)}`,
    ExpressionAttributeNames: expression.names,
    ExpressionAttributeValues: expression.values,
    ReturnValues: "UPDATED_OLD",
  };
};

const isNothingOrEqual = (path: string, value: string): string =>
  `(attribute_not_exists(${path}) OR ${path} = ${value})`;
