import type { Answer } from "./answer.ts";
import { type EcsEvent, parseEcsEvent, refuseFuture } from "./ecs-event.ts";
import type { EventLog, InvocationIds } from "./event-log.ts";
import type { EventProcessor } from "./event-processor.ts";

/**
 * How long after the start of an invocation the merge path may still send a request or wait for its next attempt. It ends a
 * race for a row that would not end by itself. The look-up and the fast path's one request do not look at it: the timeouts
 * and attempts of their clients bound them. The rest of the function's 30 s is for the log line that says what failed.
 */
const MERGE_BUDGET_MS = 20_000;

/** What Lambda invokes: turns any input into an answer or a throw, and logs one line for each. */
export const createHandler =
  (processEvent: EventProcessor, log: EventLog, now: () => Date) =>
  async (input: unknown, context?: unknown): Promise<Answer> => {
    const ids: InvocationIds = {
      requestId: textIn(context, "awsRequestId"),
      // What is no valid event may still say which one it was.
      eventId: textIn(input, "id"),
    };
    let event: EcsEvent | undefined;
    try {
      event = refuseFuture(parseEcsEvent(input), now());
      const answer = await processEvent(event, AbortSignal.timeout(MERGE_BUDGET_MS));
      log.answered(event, answer, ids);
      return answer;
    } catch (error) {
      // Lambda retries what is thrown, then parks the event in the dead-letter queue.
      log.failed(event, error, ids);
      throw error;
    }
  };

const textIn = (value: unknown, property: string): string | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  const text: unknown = Object.getOwnPropertyDescriptor(value, property)?.value;
  return typeof text === "string" ? text : undefined;
};
