import type { ReportProgress } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import type { LetterFilter } from "./filter.ts";
import { HeldMessages } from "./held-messages.ts";
import { readQueueDepth } from "../aws/sqs/queue-depth.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";
import { type QueueReading, readLetters } from "./read-letters.ts";

export interface Work {
  readonly held: HeldMessages;
  readonly reading: QueueReading;
  /** Aborted by Ctrl-C, and when the messages can no longer be held. */
  readonly signal: AbortSignal;
}

/**
 * Reads the dead-letter queue, works on what was read, and gives back whatever is still there, come what may.
 * @returns how many messages were given back.
 */
export const withHeldMessages = async (
  context: Context,
  { limit, filter }: { readonly limit: number; readonly filter: LetterFilter },
  progress: ReportProgress,
  work: (work: Work) => Promise<void>,
): Promise<number> => {
  const queueUrl = await findQueueUrl(context);
  const { waiting } = await readQueueDepth(context.aws.sqs, queueUrl, context.signal);
  const held = new HeldMessages(context.aws.sqs, queueUrl, context.clock);
  const signal = AbortSignal.any([context.signal, held.lost]);
  let released: number;
  try {
    const reading = await readLetters(held, {
      limit,
      filter,
      signal,
      progress: (done) => {
        progress({ done, total: Math.max(waiting, done), text: "messages read" });
      },
    });
    await work({ held, reading, signal });
  } finally {
    released = await held.release();
  }
  held.lost.throwIfAborted();
  return released;
};
