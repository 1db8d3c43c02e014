import type { Answer, IgnoredReason } from "./answer.ts";
import type { LogLevel } from "./configuration.ts";
import type { EcsEvent } from "./ecs-event.ts";
import type { EventNotes, Notes } from "./event-notes.ts";
import { InvalidEventError, MalformedRowError, TagLookupError, TenantStoreError } from "./errors.ts";
import type { Logger } from "./logger.ts";
import { metricProperties, notedProperties } from "./metrics.ts";

/** Writes the one log line that each event gets. Operators search for these messages: the runbook quotes them. */
export interface EventLog {
  answered(event: EcsEvent, answer: Answer): void;
  /** The event is undefined when the input was none. */
  failed(event: EcsEvent | undefined, error: unknown): void;
}

/** How loud an ignored event is: what someone should mend is a warning. */
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
  answered: (event, answer) => {
    const nowMs = now().getTime();
    // The clocks of ECS and Lambda may differ by a little; no event is processed before it happened.
    const lagMs = Math.max(0, nowMs - Date.parse(event.at));
    const { message, ...fields } =
      answer.status === "ignored" ? answer : { ...answer, message: describeSuccess(answer) };
    const notes = eventNotes.take();
    const level = answer.status === "ignored" ? IGNORED_LEVELS[answer.reason] : "info";
    logger.log(notes.texts.length > 0 ? "warn" : level, message, {
      ...eventFields(event),
      ...fields,
      ...metricProperties(answer, environment, nowMs, lagMs, notes.counts),
      ...noteFields(notes),
    });
  },
  failed: (event, error) => {
    const notes = eventNotes.take();
    logger.log("error", headline(error), {
      ...(event === undefined ? {} : eventFields(event)),
      ...(error instanceof TenantStoreError || error instanceof MalformedRowError
        ? { tenantId: error.tenantId }
        : {}),
      status: "failed",
      error:
        error instanceof Error ? { name: error.name, message: error.message } : { message: String(error) },
      ...(notes.texts.length > 0 ? notedProperties(notes.counts, environment, now().getTime()) : {}),
      ...noteFields(notes),
    });
  },
});

const eventFields = ({ id, at, eventName, serviceArn }: EcsEvent): Record<string, unknown> => ({
  eventId: id,
  eventTime: at,
  eventName,
  ...(serviceArn === undefined ? {} : { serviceArn }),
});

const noteFields = ({ texts }: Notes): Record<string, unknown> => (texts.length > 0 ? { notes: texts } : {});

const describeSuccess = (answer: Extract<Answer, { status: "success" }>): string =>
  answer.changed
    ? `Tenant status ${answer.previousStatus ?? "(none)"} -> ${answer.tenantStatus}`
    : `Tenant status stays ${answer.tenantStatus}`;

const headline = (error: unknown): string => {
  if (error instanceof InvalidEventError) return "Invalid event";
  if (error instanceof TagLookupError) return "Failed to look up service tags";
  if (error instanceof TenantStoreError || error instanceof MalformedRowError)
    return "Failed to update tenant state";
  return "Unexpected error";
};
