import { StartLiveTailCommand, type StartLiveTailResponseStream } from "@aws-sdk/client-cloudwatch-logs";
import type { Context } from "../../context.ts";

/** A line, as CloudWatch has it. */
export interface LoggedLine {
  readonly timestamp: number;
  readonly message: string;
}

export interface TailUpdate {
  readonly lines: readonly LoggedLine[];
  /** There were more than it holds. */
  readonly isSampled: boolean;
}

/**
 * A session of the live tail: an update each second. What ends it (three hours, a fault, an interruption) is thrown.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html
 */
export const openLiveTail = async (
  { aws, names, signal }: Pick<Context, "aws" | "names" | "signal">,
  filterPattern: string | undefined,
): Promise<AsyncIterable<TailUpdate>> => {
  const { responseStream } = await aws.cloudWatchLogs.send(
    new StartLiveTailCommand({
      logGroupIdentifiers: [names.logGroupArn],
      logEventFilterPattern: filterPattern,
    }),
    { abortSignal: signal },
  );
  return updatesOf(responseStream?.[Symbol.asyncIterator](), signal);
};

/** It does not wait for the stream's next message once it is interrupted: that may never come. */
async function* updatesOf(
  messages: AsyncIterator<StartLiveTailResponseStream> | undefined,
  signal: AbortSignal,
): AsyncGenerator<TailUpdate> {
  const interruption = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => {
      reject(abortReason(signal));
    });
  });
  // Where nobody waits, it is no failure.
  interruption.catch(() => undefined);
  for (;;) {
    signal.throwIfAborted();
    const next = await Promise.race([messages?.next(), interruption]);
    if (next === undefined || next.done === true) return;
    const { sessionUpdate } = next.value;
    if (sessionUpdate === undefined) continue;
    yield {
      lines: (sessionUpdate.sessionResults ?? []).map(({ timestamp = 0, message = "" }) => ({
        timestamp,
        message,
      })),
      isSampled: sessionUpdate.sessionMetadata?.sampled ?? false,
    };
  }
}

const abortReason = ({ reason }: AbortSignal): Error =>
  reason instanceof Error ? reason : new Error("interrupted", { cause: reason });
