import { type EcsEvent, parseEcsEvent } from "../../handler/ecs-event.ts";
import { InvalidEventError } from "../../handler/errors.ts";
import { readTenantTags } from "../../handler/tenant-tags.ts";
import { transitionTable } from "../../handler/transition-table.ts";
import { suspicionOf } from "./suspicion.ts";
import { type ParkedBy, type RawMessage, unwrap } from "./unwrap.ts";
import { compareText } from "../../checklist/compare-text.ts";

/** A message of the dead-letter queue, read and classified. */
export type DeadLetter = RetryableLetter | PoisonLetter;

interface Letter {
  readonly messageId: string;
  readonly parkedBy: ParkedBy;
  /** Why it was parked. */
  readonly cause: string;
}

/** Holds an event that the handler can read: invoking it again may help. */
export interface RetryableLetter extends Letter {
  readonly kind: "retryable";
  /** The event as it was sent, to be sent again. */
  readonly payload: unknown;
  readonly eventId: string;
  /** When it happened: UTC, whole seconds. */
  readonly at: string;
  /** The canonical event; the name that ECS sent when the table does not map it. */
  readonly event: string;
  /** As ECS sent it. */
  readonly eventName: string;
  readonly serviceArn: string | undefined;
  /** Known only where the event carries its tags. */
  readonly tenantId: string | undefined;
  /** Why it is held back, unless it is asked for by its message id. */
  readonly suspicion: string | undefined;
}

/** Holds nothing that the handler can read: no number of retries helps. */
export interface PoisonLetter extends Letter {
  readonly kind: "poison";
  /** What is wrong with it. */
  readonly violations: readonly string[];
}

/** Reads a message with the handler's own eyes: what it would refuse as invalid is poison. */
export const readDeadLetter = (messageId: string, message: RawMessage): DeadLetter => {
  const { event: payload, ...parked } = unwrap(message);
  if (payload === undefined) {
    return { kind: "poison", messageId, ...parked, violations: ["the body is not JSON"] };
  }
  try {
    const event = parseEcsEvent(payload);
    return {
      kind: "retryable",
      messageId,
      ...parked,
      payload,
      ...describe(event),
      suspicion: suspicionOf(parked.parkedBy, event),
    };
  } catch (error) {
    if (!(error instanceof InvalidEventError)) throw error;
    return { kind: "poison", messageId, ...parked, violations: error.violations };
  }
};

const describe = ({ id, at, eventName, reason, serviceArn, tags }: EcsEvent) => {
  const { tenantId } = readTenantTags(tags ?? []);
  return {
    eventId: id,
    at,
    event: transitionTable.canonicalEvent(eventName, reason)?.name ?? eventName,
    eventName,
    serviceArn,
    tenantId,
  };
};

/** Whose event it is, for people and for keeping one service's events in order: its service, else its tenant. */
export const subjectOf = ({ serviceArn, tenantId, eventId }: RetryableLetter): string =>
  serviceArn?.split("/").at(-1) ?? (tenantId === undefined ? `event ${eventId}` : `tenant ${tenantId}`);

/** Something that is no event at all violates everything: the first few violations say enough. */
export const firstOf = (violations: readonly string[]): string =>
  violations.length > 3
    ? `${violations.slice(0, 3).join("; ")} and ${violations.length - 3} more`
    : violations.join("; ");

/** The order in which events happened; of one second, the order of the transition table. */
export const byEventTime = (a: RetryableLetter, b: RetryableLetter): number =>
  compareText(a.at, b.at) || transitionTable.precedence(a.event) - transitionTable.precedence(b.event);
