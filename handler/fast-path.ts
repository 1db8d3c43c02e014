import type { UpdateItemCommandInput } from "@aws-sdk/client-dynamodb";
import { beforeTwins, cutsOff, type NamedOccurrence } from "./event-memory.ts";
import { Expression } from "./expression.ts";
import { withoutName } from "./memory-attribute.ts";
import { ATTRIBUTES, type RowAddress } from "./row-attributes.ts";
import { type AttributeChange, LEAVE, rowChange, setOrRemove } from "./row-change.ts";
import type { TenantEvent } from "./tenant-event.ts";
import type { TransitionTable } from "./transition-table.ts";
import { updateItem } from "./update-item.ts";

/**
 * The one write of an event that arrives in order: it applies the event without having read the row, on condition
 * that reading it would have led to the very same write. Where the condition fails, the row must be read.
 *
 *     last_event     this event
 *     ────●──────────────●──────▶   (time, precedence)
 *         status and ecs_status: none that the event leaves alone
 *         deployment_id:         the event's own, where only that one counts
 *         events:                nothing that this event makes irrelevant in other entries than its own, or all
 */
export const fastPathUpdate = (
  address: RowAddress,
  event: TenantEvent,
  table: TransitionTable,
  now: Date,
): UpdateItemCommandInput => {
  const { rule, occurrence } = event;
  const { status } = rule;
  const cuts = cutsOff(occurrence, table);
  const expression = new Expression();

  const events: AttributeChange = {
    kind: "entries",
    set: { [occurrence.name]: withoutName(occurrence) },
    setNew: {},
    remove: table.names.filter((name) => cuts && name !== occurrence.name),
  };
  const change = rowChange({
    status,
    state: { status, statusAt: occurrence.at, lastEvent: occurrence },
    event,
    namesService: true,
    deploymentId: rule.startsDeployment === true ? setOrRemove(occurrence.deploymentId) : LEAVE,
    statusSince: {
      kind: "entries",
      set: {},
      setNew: { [status]: occurrence.at },
      remove: table.reachable.filter((other) => other !== status),
    },
    events,
    revision: { kind: "add", value: 1 },
    now,
  });

  return {
    ...updateItem(address, expression, change, [
      ...isWellFormed(address, expression),
      isNewest(occurrence, cuts, expression, table),
      ...appliesToStatuses(address, event, expression, table),
      ...appliesToDeployment(event, expression),
      ...(cuts ? [] : changesItsEntryOnly(event, expression, table)),
      ...meansItself(event, expression),
    ]),
    ReturnValues: "UPDATED_OLD",
  };
};

/** A row that another service has malformed is left for the merge path to report. */
const isWellFormed = ({ statusAttribute }: RowAddress, expression: Expression): readonly string[] => {
  const is = (attribute: string, type: string): string =>
    `attribute_type(${expression.path(attribute)}, ${expression.value(type)})`;
  return [
    is(ATTRIBUTES.events, "M"),
    is(ATTRIBUTES.statusSince, "M"),
    is(ATTRIBUTES.revision, "N"),
    is(ATTRIBUTES.ecsStatus, "S"),
    `(attribute_not_exists(${expression.path(statusAttribute)}) OR ${is(statusAttribute, "S")} OR ${is(statusAttribute, "NULL")})`,
  ];
};

const isNewest = (
  { name, at, deploymentId }: NamedOccurrence,
  cuts: boolean,
  expression: Expression,
  table: TransitionTable,
): string => {
  const lastAt = expression.path(ATTRIBUTES.lastEvent, "at");
  // Of what happened within the second before, something may be this one's twin, or have one yet to come.
  if (cuts || (deploymentId === undefined && table.isOfDeployment(name)))
    return `${lastAt} < ${expression.value(beforeTwins(at))}`;
  const time = expression.value(at);
  const lastHasLowerPrecedence = expression.isOneOf([ATTRIBUTES.lastEvent, "name"], table.namesBefore(name));
  return lastHasLowerPrecedence === undefined
    ? `${lastAt} < ${time}`
    : `(${lastAt} < ${time} OR (${lastAt} = ${time} AND ${lastHasLowerPrecedence}))`;
};

const appliesToStatuses = (
  { statusAttribute }: RowAddress,
  { rule }: TenantEvent,
  expression: Expression,
  table: TransitionTable,
): readonly string[] =>
  [statusAttribute, ATTRIBUTES.ecsStatus].flatMap((attribute) => {
    const isLeftAlone = expression.isOneOf([attribute], table.leftAlone(rule));
    return isLeftAlone === undefined ? [] : [`NOT ${isLeftAlone}`];
  });

const appliesToDeployment = (
  { rule, occurrence: { deploymentId } }: TenantEvent,
  expression: Expression,
): readonly string[] => {
  if (rule.onlyCurrentDeployment !== true || deploymentId === undefined) return [];
  const current = expression.path(ATTRIBUTES.deploymentId);
  return [`(attribute_not_exists(${current}) OR ${current} = ${expression.value(deploymentId)})`];
};

/** Where deployments are told apart: the entry has nothing but what this event replaces, and no other has its twin. */
const changesItsEntryOnly = (
  { rule: { onlyCurrentDeployment }, occurrence: { name, deploymentId } }: TenantEvent,
  expression: Expression,
  table: TransitionTable,
): readonly string[] => {
  if (!table.isOfDeployment(name)) return [];
  const deploymentOf = (event: string): string => expression.path(ATTRIBUTES.events, event, "deploymentId");
  const isNamed = (event: string): string =>
    `attribute_type(${deploymentOf(event)}, ${expression.value("S")})`;
  const hasOnly = (event: string, condition: string): string =>
    `(attribute_not_exists(${expression.path(ATTRIBUTES.events, event)}) OR ` +
    `(attribute_not_exists(${expression.path(ATTRIBUTES.events, event, "others")}) AND ${condition}))`;

  if (deploymentId === undefined) return [hasOnly(name, `attribute_not_exists(${deploymentOf(name)})`)];
  const isReplaced = (event: string): string =>
    event === name && onlyCurrentDeployment === true
      ? `${deploymentOf(event)} = ${expression.value(deploymentId)}`
      : isNamed(event);
  // Its own entry among them.
  const mayHoldTwin = table.names.filter((event) => table.twinsOf(event).includes(name));
  return mayHoldTwin.map((event) => hasOnly(event, isReplaced(event)));
};

/** An event that may mean another one, by what started its deployment, needs the row. */
const meansItself = ({ rule: { meansAfter = {} } }: TenantEvent, expression: Expression): readonly string[] =>
  Object.keys(meansAfter).map(
    (startedBy) => `attribute_not_exists(${expression.path(ATTRIBUTES.events, startedBy)})`,
  );
