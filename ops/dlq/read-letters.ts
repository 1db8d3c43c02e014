import { type DeadLetter, readDeadLetter } from "./dead-letter.ts";
import { type LetterFilter, matches } from "./filter.ts";
import type { HeldMessages, ReceivedMessage } from "./held-messages.ts";

/** A dead letter as it lay in the queue. */
export type HeldLetter = DeadLetter & Pick<ReceivedMessage, "sentAt" | "receiveCount">;

export interface QueueReading {
  readonly letters: readonly HeldLetter[];
  /** Messages that do not match the filter. */
  readonly unmatched: number;
  /** The limit was reached; there may be more. */
  readonly isPartial: boolean;
}

export interface ReadOptions {
  /** The most letters to keep in memory: those that match the filter and those that are poison. */
  readonly limit: number;
  readonly filter: LetterFilter;
  readonly signal: AbortSignal;
  readonly progress: (read: number) => void;
}

/**
 * Takes messages until the queue has no more, the limit is reached or the signal is aborted. What does not match the
 * filter is held too, so that SQS does not hand it out again and again, but only its receipt handle is remembered.
 */
export const readLetters = async (
  held: HeldMessages,
  { limit, filter, signal, progress }: ReadOptions,
): Promise<QueueReading> => {
  const letters: HeldLetter[] = [];
  let unmatched = 0;
  while (letters.length < limit && !signal.aborted) {
    const messages = await held.receive(limit - letters.length);
    if (messages.length === 0) return { letters, unmatched, isPartial: false };
    for (const { messageId, sentAt, receiveCount, ...message } of messages) {
      const letter = readDeadLetter(messageId, message);
      // Poison says neither event nor tenant: it can match no filter, but should be seen.
      if (letter.kind === "poison" || matches(letter, filter)) {
        letters.push({ ...letter, receiveCount, sentAt });
      } else {
        unmatched++;
      }
    }
    progress(letters.length + unmatched);
  }
  return { letters, unmatched, isPartial: true };
};
