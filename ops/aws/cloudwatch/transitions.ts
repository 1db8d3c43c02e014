import type { Context } from "../../context.ts";
import { HOUR_MS } from "../../../checklist/durations.ts";
import { type LogRecord, patternOf, readLogLines } from "./log-lines.ts";

/** A change of a tenant's status, as the handler logged it. */
export interface LoggedTransition {
  readonly time: string;
  readonly tenantId: string;
  readonly from: string;
  readonly to: string;
  /** The canonical event. */
  readonly event: string;
  /** When the event happened; undefined in lines of earlier versions. */
  readonly eventTime: string | undefined;
  readonly eventId: string | undefined;
  readonly requestId: string | undefined;
  /** Who sent it, where that was not ECS. */
  readonly source: string | undefined;
}

const SHOWN = 10;

/** The last changes of the last hour, the latest last. */
export const listTransitions = async (context: Context): Promise<readonly LoggedTransition[]> => {
  const last: LoggedTransition[] = [];
  const to = context.clock.now();
  for await (const transition of readTransitions(context, { from: new Date(to.getTime() - HOUR_MS), to })) {
    last.push(transition);
    if (last.length > SHOWN) last.shift();
  }
  return last;
};

export interface TransitionWindow {
  readonly from: Date;
  readonly to: Date;
  /** Undefined for all. */
  readonly tenantId?: string | undefined;
}

/** The changes of a stretch of time, the oldest first. */
export async function* readTransitions(
  context: Pick<Context, "aws" | "names" | "signal">,
  { from, to, tenantId }: TransitionWindow,
): AsyncGenerator<LoggedTransition> {
  const filterPattern = patternOf({ tenantId, changes: true });
  for await (const { record } of readLogLines(context, { from, to, filterPattern })) {
    const transition = transitionOf(record);
    if (transition !== undefined && (tenantId === undefined || transition.tenantId === tenantId))
      yield transition;
  }
}

const transitionOf = (record: LogRecord): LoggedTransition | undefined => {
  if (!("StatusChanges" in record)) return undefined;
  const { timestamp, tenantId, previousStatus, tenantStatus, event, eventTime, eventId, requestId, source } =
    record;
  return {
    time: textOf(timestamp) ?? NONE,
    tenantId: textOf(tenantId) ?? NONE,
    from: textOf(previousStatus) ?? NONE,
    to: textOf(tenantStatus) ?? NONE,
    event: textOf(event) ?? NONE,
    eventTime: textOf(eventTime),
    eventId: textOf(eventId),
    requestId: textOf(requestId),
    source: textOf(source),
  };
};

const NONE = "(none)";

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
