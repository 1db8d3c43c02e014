import { randomUUID } from "node:crypto";
import type { ReconcilerAnswer } from "./answer.ts";
import type { RunLog } from "./run-log.ts";
import { readRunRequest } from "./run-request.ts";
import type { ScheduledInvocation, Run } from "./run.ts";

export interface HandlerContext {
  readonly environment: string;
  /** Says whether all that a run needs can be reached. */
  readonly check: () => Promise<ReconcilerAnswer>;
  readonly run: Run;
  readonly log: RunLog;
}

/** What Lambda invokes: turns any input into an answer; trouble with AWS is thrown, after one line that says so. */
export const createReconciler =
  ({ environment, check, run, log }: HandlerContext) =>
  async (input: unknown, context?: unknown): Promise<ReconcilerAnswer> => {
    const invocation = readInvocation(context);
    const request = readRunRequest(input);
    try {
      switch (request.kind) {
        case "invalid": {
          const answer = { status: "refused", environment, why: request.violations.join("; ") } as const;
          log.answered(answer, invocation.requestId);
          return answer;
        }
        case "check": {
          const answer = await check();
          log.answered(answer, invocation.requestId);
          return answer;
        }
        case "scheduled": {
          return await run(invocation);
        }
      }
    } catch (error) {
      log.failed(error, invocation.requestId);
      throw error;
    }
  };

/** The function's timeout, where the context does not say how much of it is left. */
const TIMEOUT_MS = 900_000;

const readInvocation = (context: unknown): ScheduledInvocation => {
  const {
    awsRequestId,
    getRemainingTimeInMillis,
  }: { awsRequestId?: unknown; getRemainingTimeInMillis?: unknown } =
    typeof context === "object" && context !== null ? context : {};
  const remaining: unknown =
    typeof getRemainingTimeInMillis === "function"
      ? Reflect.apply(getRemainingTimeInMillis, context, [])
      : undefined;
  return {
    requestId: typeof awsRequestId === "string" ? awsRequestId : randomUUID(),
    remainingMs: typeof remaining === "number" ? remaining : TIMEOUT_MS,
  };
};
