import type { Answer, IgnoredReason } from "./answer.ts";
import type { LogLevel } from "./configuration.ts";
import type { EcsEvent } from "./ecs-event.ts";
import type { EventNotes, Notes } from "./event-notes.ts";
import { InvalidEventError, MalformedRowError, TagLookupError, TenantStoreError } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { metricProperties, notedProperties } from "./metrics.ts";

/** Writes the one log line that each event gets. Operators search for these messages: the runbook quotes them. */
export interface EventLog {
  answered(event: EcsEvent, answer: Answer, invocation: InvocationIds): void;
  /** The event is undefined when the input was none. */
  failed(event: EcsEvent | undefined, error: unknown, invocation: InvocationIds): void;
}

/** What is known of an invocation whatever its input was. */
export interface InvocationIds {
  /** Lambda's: a dead letter names it, too. */
  readonly requestId: string | undefined;
  readonly eventId: string | undefined;
}

/** How loud an ignored event is: what someone should fix is a warning. */
const IGNORED_LEVELS: Readonly<Record<IgnoredReason, LogLevel>> = {
  unmapped_event: "info",
  other_cluster: "info",
  duplicate: "info",
  no_tenant_tag: "warn",
  environment_mismatch: "warn",
  unknown_tenant: "warn",
  service_not_found: "warn",
};

export const createEventLog = (
  logger: Logger,
  environment: string,
  now: () => Date,
  eventNotes: Pick<EventNotes, "take">,
): EventLog => ({
  answered: (event, answer, invocation) => {
    const nowMs = now().getTime();
    // The clocks of ECS and Lambda may differ by a little; no event is processed before it happened.
    const lagMs = Math.max(0, nowMs - Date.parse(event.at));
    const { message, ...fields } =
      answer.status === "ignored" ? answer : { ...answer, message: describeSuccess(answer) };
    const notes = eventNotes.take();
    const level = answer.status === "ignored" ? IGNORED_LEVELS[answer.reason] : "info";
    logger.log(notes.texts.length > 0 ? "warn" : level, message, {
      ...eventFields(event, invocation),
      ...clipped(fields),
      ...metricProperties(answer, environment, nowMs, lagMs, notes.counts),
      ...noteFields(notes),
    });
  },
  failed: (event, error, invocation) => {
    const notes = eventNotes.take();
    logger.log("error", headline(error), {
      ...eventFields(event, invocation),
      tenantId:
        error instanceof TenantStoreError || error instanceof MalformedRowError ? error.tenantId : undefined,
      status: "failed",
      error:
        error instanceof Error
          ? { name: error.name, message: clip(error.message, MAX_ERROR) }
          : { message: clip(String(error), MAX_ERROR) },
      ...(notes.texts.length > 0 ? notedProperties(notes.counts, environment, now().getTime()) : {}),
      ...noteFields(notes),
    });
  },
});

/** Fields that are undefined are not written. */
const eventFields = (
  event: EcsEvent | undefined,
  { requestId, eventId }: InvocationIds,
): Record<string, unknown> => ({
  requestId,
  eventId: clip(event?.id ?? eventId, MAX_TEXT),
  eventTime: event?.at,
  eventName: event?.eventName,
  serviceArn: event?.serviceArn,
  source: event?.source,
});

/** A row's status may be any text, of up to 400 kB; a line that is too long is cut by Lambda, and no JSON any more. */
const MAX_TEXT = 256;
/** Room for two ARNs; what a row or the directory has in their place may be any text, too. */
const MAX_NOTE = 2048;
const MAX_ERROR = 16_384;

const clip = <T extends string | undefined>(text: T, max: number): string | T =>
  text === undefined || text.length <= max ? text : `${text.slice(0, max)}…`;

const clipped = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> => {
  const short: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const value = fields[name];
    short[name] = typeof value === "string" ? clip(value, MAX_TEXT) : value;
  }
  return short;
};

const noteFields = ({ texts }: Notes): Record<string, unknown> =>
  texts.length > 0 ? { notes: texts.map((text) => clip(text, MAX_NOTE)) } : {};

const describeSuccess = (answer: Extract<Answer, { status: "success" }>): string =>
  answer.changed
    ? `Tenant status ${clip(answer.previousStatus ?? "(none)", MAX_TEXT)} -> ${clip(answer.tenantStatus, MAX_TEXT)}`
    : `Tenant status stays ${clip(answer.tenantStatus, MAX_TEXT)}`;

const headline = (error: unknown): string => {
  if (error instanceof InvalidEventError) return "Invalid event";
  if (error instanceof TagLookupError) return "Failed to look up service tags";
  if (error instanceof TenantStoreError || error instanceof MalformedRowError)
    return "Failed to update tenant state";
  return "Unexpected error";
};
