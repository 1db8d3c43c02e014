import type { Answer } from "./answer.ts";
import { type EcsEvent, parseEcsEvent } from "./ecs-event.ts";
import type { EventLog } from "./event-log.ts";
import type { EventProcessor } from "./event-processor.ts";

/**
 * All requests of one event, retries and waits included: well inside the function's 30 s, so that there is time to
 * say what failed.
 */
const EVENT_BUDGET_MS = 20_000;

/** Lambda's door: any input to an answer or a throw, each with its one log line. */
export const createHandler =
  (processEvent: EventProcessor, log: EventLog) =>
  async (input: unknown): Promise<Answer> => {
    let event: EcsEvent | undefined;
    try {
      event = parseEcsEvent(input);
      const answer = await processEvent(event, AbortSignal.timeout(EVENT_BUDGET_MS));
      log.answered(event, answer);
      return answer;
    } catch (error) {
      // Lambda retries what is thrown, then parks the event in the dead-letter queue.
      log.failed(event, error);
      throw error;
    }
  };
