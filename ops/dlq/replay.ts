import { describeExplanation } from "../../checklist/errors.ts";
import { explainAwsError } from "../aws/explain-error.ts";
import { describeInvoked, type Invoked } from "../../reconcile/invoke-handler.ts";
import { byEventTime, firstOf, type PoisonLetter, type RetryableLetter, subjectOf } from "./dead-letter.ts";
import { runInLanes } from "./lanes.ts";

/** What became of a letter. */
export type ReplayOutcome =
  /** The alias answered so: done. */
  | "success"
  | "ignored"
  /** The alias could not be invoked, or its function failed: the message stays. */
  | "failed"
  /** Nothing that the handler can read: the message stays. */
  | "poison"
  /** Perhaps made up, and not asked for by its message id: the message stays. */
  | "held back"
  /** A dry run would send it. */
  | "would replay"
  /** An event of the same service failed before it: the message stays. */
  | "set aside"
  /** Not come to: the message stays. */
  | "unprocessed";

/** The record of one message. */
export interface AuditEntry {
  readonly messageId: string;
  readonly eventId?: string;
  readonly at?: string;
  /** The canonical event. */
  readonly event?: string;
  readonly service?: string;
  readonly outcome: ReplayOutcome;
  readonly deleted: boolean;
  /** The answer, what failed, or what is wrong with the message. */
  readonly detail: string;
}

export interface ReplayOptions {
  readonly concurrency: number;
  /** So many failures and no further event is sent. */
  readonly maxFailures: number;
  /** Leave the messages in the queue all the same. */
  readonly keep: boolean;
  /** Aborted: no further event is sent; those under way are waited for. */
  readonly signal: AbortSignal;
  readonly invoke: (payload: unknown) => Promise<Invoked>;
  readonly deleteMessage: (messageId: string) => Promise<void>;
  /** Told of each letter once its outcome is final. */
  readonly audit: (entry: AuditEntry) => void;
}

/**
 * Sends the letters' events again, oldest first, one service's events never side by side. A message is deleted only
 * once the alias has answered, so that a crash at any moment loses nothing; what it repeats, the handler takes as a
 * duplicate.
 */
export const replay = async (letters: readonly RetryableLetter[], options: ReplayOptions): Promise<void> => {
  const { concurrency, maxFailures, signal, audit } = options;
  let failures = 0;
  /** Services of which an event has failed: what follows would most likely fail as well, and others would wait for it. */
  const aside = new Set<string>();
  const unprocessed = await runInLanes(
    [...letters].sort(byEventTime),
    { laneOf: subjectOf, concurrency, isStopped: () => signal.aborted || failures >= maxFailures },
    async (letter) => {
      const lane = subjectOf(letter);
      if (aside.has(lane)) {
        audit(entryOf(letter, "set aside", "an earlier event of the same service failed"));
        return;
      }
      const entry = await replayOne(letter, options);
      if (entry.outcome === "failed") {
        failures++;
        aside.add(lane);
      }
      audit(entry);
    },
  );
  const why = failures >= maxFailures ? `stopped after ${failures} failures` : "interrupted";
  for (const letter of unprocessed) audit(entryOf(letter, "unprocessed", why));
};

const replayOne = async (
  letter: RetryableLetter,
  { invoke, deleteMessage, keep }: ReplayOptions,
): Promise<AuditEntry> => {
  const invoked = await orExplanation(() => invoke(letter.payload));
  if (typeof invoked === "string") return entryOf(letter, "failed", invoked);
  if (invoked.kind === "threw") return entryOf(letter, "failed", describeInvoked(invoked));

  const { status } = invoked.answer;
  if (keep) return entryOf(letter, status, describeInvoked(invoked));
  const problem = await orExplanation(() => deleteMessage(letter.messageId));
  return problem === undefined
    ? entryOf(letter, status, describeInvoked(invoked), true)
    : entryOf(letter, "failed", `${describeInvoked(invoked)}, but the message was not deleted: ${problem}`);
};

/** Trouble with AWS is one message's failure; anything else is a bug and ends the run. */
const orExplanation = async <T>(attempt: () => Promise<T>): Promise<T | string> => {
  try {
    return await attempt();
  } catch (error) {
    const explanation = explainAwsError(error);
    if (explanation === undefined) throw error;
    return describeExplanation(explanation);
  }
};

export const entryOf = (
  letter: RetryableLetter,
  outcome: ReplayOutcome,
  detail: string,
  deleted = false,
): AuditEntry => ({
  messageId: letter.messageId,
  eventId: letter.eventId,
  at: letter.at,
  event: letter.event,
  service: subjectOf(letter),
  outcome,
  deleted,
  detail,
});

export const poisonEntry = ({ messageId, cause, violations }: PoisonLetter): AuditEntry => ({
  messageId,
  outcome: "poison",
  deleted: false,
  detail: `${firstOf(violations)} (parked because of: ${cause})`,
});
