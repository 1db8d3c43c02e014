import { type DeadLetter, readDeadLetter } from "./dead-letter.ts";
import { isNamedBy, type LetterFilter, matches } from "./filter.ts";
import { BATCH, type HeldMessages, type ReceivedMessage } from "./held-messages.ts";

/** A dead letter as it lay in the queue. */
export type HeldLetter = DeadLetter & Omit<ReceivedMessage, "messageId">;

export interface QueueReading {
  /** Those that match the filter; with none, all. */
  readonly letters: readonly HeldLetter[];
  /** Messages that do not match the filter. */
  readonly unmatched: number;
  /** Those of the unmatched that are poison: people should know of them whatever they asked for. */
  readonly unmatchedPoison: number;
  /** Conditions whose value no message has: what they name may be a slip of the keyboard. */
  readonly unseen: LetterFilter;
  /** The limit was reached; there may be more. */
  readonly isPartial: boolean;
}

export interface ReadOptions {
  /** The most letters to keep in memory: of those that match the filter. */
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
  let unmatchedPoison = 0;
  let unseen = filter;
  const found = (isPartial: boolean): QueueReading => ({
    letters,
    unmatched,
    unmatchedPoison,
    unseen,
    isPartial,
  });
  while (letters.length < limit && !signal.aborted) {
    // With a filter, few of a batch may match: one message at a time would take hours.
    const messages = await held.receive(filter.length === 0 ? limit - letters.length : BATCH);
    if (messages.length === 0) return found(false);
    for (const { messageId, ...message } of messages) {
      const letter = readDeadLetter(messageId, message);
      unseen = unseen.filter((condition) => !isNamedBy(letter, condition));
      if (!matches(letter, filter)) {
        unmatched++;
        if (letter.kind === "poison") unmatchedPoison++;
      } else if (letters.length < limit) letters.push({ ...letter, ...message });
    }
    progress(letters.length + unmatched);
  }
  return found(true);
};
