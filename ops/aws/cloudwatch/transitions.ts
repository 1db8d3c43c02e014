import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { Context } from "../../context.ts";
import { HOUR_MS } from "../../../checklist/durations.ts";

/** A change of a tenant's status, as the handler logged it. */
export interface LoggedTransition {
  readonly time: string;
  readonly tenantId: string;
  readonly from: string;
  readonly to: string;
  /** The canonical event. */
  readonly event: string;
}

const SHOWN = 10;

/** The last changes of the last hour, the latest last. */
export const listTransitions = async ({
  aws,
  names,
  clock,
  signal,
}: Context): Promise<readonly LoggedTransition[]> => {
  let last: readonly LoggedTransition[] = [];
  for await (const { events = [] } of paginateFilterLogEvents(
    { client: aws.cloudWatchLogs },
    {
      logGroupName: names.logGroupName,
      startTime: clock.now().getTime() - HOUR_MS,
      filterPattern: "{ $.StatusChanges = 1 }",
    },
    { abortSignal: signal },
  )) {
    const found = events
      .map(({ message = "" }) => parseTransition(message))
      .filter((one) => one !== undefined);
    last = [...last, ...found].slice(-SHOWN);
  }
  return last;
};

const parseTransition = (line: string): LoggedTransition | undefined => {
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof record !== "object" || record === null || !("StatusChanges" in record)) return undefined;
  const { timestamp, tenantId, previousStatus, tenantStatus, event }: Partial<Record<string, unknown>> =
    record;
  return {
    time: textOf(timestamp),
    tenantId: textOf(tenantId),
    from: textOf(previousStatus),
    to: textOf(tenantStatus),
    event: textOf(event),
  };
};

const textOf = (value: unknown): string => (typeof value === "string" ? value : "(none)");
