import type { ReportProgress } from "../../checklist/check.ts";
import type { Context } from "../context.ts";
import type { LetterFilter } from "./filter.ts";
import { HeldMessages, VISIBILITY_SECONDS } from "./held-messages.ts";
import { readQueueDepth } from "../aws/sqs/queue-depth.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";
import { type QueueReading, readLetters } from "./read-letters.ts";

export interface Work {
  readonly held: HeldMessages;
  readonly reading: QueueReading;
  /** Aborted by Ctrl-C, and when the messages can no longer be held. */
  readonly signal: AbortSignal;
}

export interface WorkDone {
  /** Messages that were given back. */
  readonly released: number;
  /** Messages that could not be read, as someone else holds them. */
  readonly heldByOthers: number;
}

/** Reads the dead-letter queue, works on what was read, and gives back whatever is still there, come what may. */
export const withHeldMessages = async (
  context: Context,
  { limit, filter }: { readonly limit: number; readonly filter: LetterFilter },
  progress: ReportProgress,
  work: (work: Work) => Promise<void>,
): Promise<WorkDone> => {
  const queueUrl = await findQueueUrl(context);
  const { waiting, inFlight } = await readQueueDepth(context.aws.sqs, queueUrl, context.signal);
  const held = new HeldMessages(context.aws.sqs, queueUrl, context.clock);
  const signal = AbortSignal.any([context.signal, held.lost]);
  let released: number;
  let heldByOthers = 0;
  try {
    const reading = await readLetters(held, {
      limit,
      filter,
      signal,
      progress: (done) => {
        progress({ done, total: done > waiting ? undefined : waiting, text: "messages read" });
      },
    });
    // SQS counts approximately: what a run before has given back may still be counted as in flight, but was read.
    if (!reading.isPartial) heldByOthers = Math.max(0, Math.min(inFlight, waiting + inFlight - held.size));
    await work({ held, reading, signal });
  } finally {
    released = await held.release();
  }
  held.lost.throwIfAborted();
  return { released, heldByOthers };
};

/** `3,505 in flight: …`; undefined when nobody else holds any. */
export const describeHeldByOthers = ({ heldByOthers }: Pick<WorkDone, "heldByOthers">): string | undefined =>
  heldByOthers === 0 ? undefined : describeInFlight(heldByOthers);

export const describeInFlight = (count: number): string =>
  `${count.toLocaleString("en")} in flight: another command reads them, or one that was killed did; ` +
  `try again within ${VISIBILITY_SECONDS / 60} min`;

/** Where the limit was reached, or the reading was interrupted: nothing is known of the rest. */
export const NOT_READ_TO_ITS_END = "the queue was not read to its end: there may be more";
