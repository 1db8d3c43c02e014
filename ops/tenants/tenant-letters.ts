import type { Context } from "../context.ts";
import { readQueueDepth } from "../aws/sqs/queue-depth.ts";
import { findQueueUrl } from "../aws/sqs/queue-url.ts";
import type { RetryableLetter } from "../dlq/dead-letter.ts";
import { withHeldMessages } from "../dlq/with-held-messages.ts";

/** The dead letters of a tenant. */
export interface TenantLetters {
  readonly letters: readonly RetryableLetter[];
  /** How many messages the queue has, of all tenants. */
  readonly waiting: number;
  /** Not all were looked at. */
  readonly isPartial: boolean;
  /** Messages that could not be looked at, as another command holds them, or one that was killed. */
  readonly heldByOthers: number;
}

/** More are for `dlq peek`: an answer is wanted now. */
const LOOKED_AT_MS = 2000;
const MOST_SHOWN = 100;

export const findTenantLetters = async (context: Context, tenantId: string): Promise<TenantLetters> => {
  const { waiting, inFlight } = await readQueueDepth(
    context.aws.sqs,
    await findQueueUrl(context),
    context.signal,
  );
  if (waiting === 0) return { letters: [], waiting, isPartial: false, heldByOthers: inFlight };
  let letters: readonly RetryableLetter[] = [];
  let isPartial = false;
  const enough = AbortSignal.timeout(LOOKED_AT_MS);
  const { heldByOthers } = await withHeldMessages(
    { ...context, signal: AbortSignal.any([context.signal, enough]) },
    { limit: MOST_SHOWN, filter: [{ key: "tenant", negated: false, value: tenantId }] },
    () => undefined,
    ({ reading }) => {
      letters = reading.letters.filter((letter) => letter.kind === "retryable");
      isPartial = reading.isPartial;
      return Promise.resolve();
    },
  );
  return { letters, waiting, isPartial, heldByOthers };
};
