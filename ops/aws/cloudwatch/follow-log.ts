import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { MINUTE_MS } from "../../../checklist/durations.ts";
import type { Context } from "../../context.ts";
import { explainAwsError, isNotFound } from "../explain-error.ts";
import { type LoggedLine, openLiveTail, type TailUpdate } from "./live-tail.ts";
import { type HandlerLogLine, parseLogLine } from "./log-lines.ts";

type LogContext = Pick<Context, "aws" | "names" | "clock" | "signal">;

/** How new lines are heard of. */
export type Following =
  | { readonly way: "live tail" }
  /** Its session has ended, as each does after three hours, and another was begun. */
  | { readonly way: "live tail again"; readonly why: string }
  /** The live tail cannot be had: no permission, too many sessions, an endpoint that does not know it. */
  | { readonly way: "polling"; readonly why: string }
  /** CloudWatch sends at most 500 lines a second. */
  | { readonly way: "sampled" };

export interface FollowOptions {
  readonly from: Date;
  readonly filterPattern?: string | undefined;
  /** Told when it begins, and when something changes. */
  readonly onFollowing: (following: Following) => void;
}

/**
 * The log's lines from a moment on, first those that are there, then each as it comes, until the signal is aborted: by CloudWatch's live
 * tail, which tells of a line within seconds; where it cannot be had, by asking every 5 seconds. Each line comes once; what is of no handler
 * is left out. A session that ends is followed by another at once. The past is read after a session was opened, so that nothing falls
 * between, and once more soon after: a line is found by its time some seconds later than the live tail would have told it.
 */
export async function* followLog(
  context: LogContext,
  { from, filterPattern, onFollowing }: FollowOptions,
): AsyncGenerator<readonly HandlerLogLine[]> {
  const { clock, signal } = context;
  const unseen = new UnseenLines(from.getTime());
  const lookAtThePast = async function* (): AsyncGenerator<readonly HandlerLogLine[]> {
    for await (const lines of readFrom(context, unseen.since, filterPattern)) yield parse(unseen.take(lines));
  };
  const state: { canTail: boolean; ended: string | undefined } = { canTail: true, ended: undefined };
  const explain = (error: unknown): string => {
    signal.throwIfAborted();
    const explanation = explainAwsError(error);
    if (explanation === undefined || isNotFound(error)) throw error;
    return explanation.message;
  };
  const giveUp = (why: string): void => {
    state.canTail = false;
    onFollowing({ way: "polling", why });
  };
  const open = async (): Promise<AsyncIterable<TailUpdate> | undefined> => {
    if (!state.canTail) return undefined;
    try {
      const tail = await openLiveTail(context, filterPattern);
      onFollowing(
        state.ended === undefined ? { way: "live tail" } : { way: "live tail again", why: state.ended },
      );
      return tail;
    } catch (error) {
      giveUp(explain(error));
      return undefined;
    }
  };
  for (;;) {
    const tail = await open();
    const begunAt = clock.now().getTime();
    const lasted = (): number => clock.now().getTime() - begunAt;
    yield* lookAtThePast();
    try {
      let isGapClosed = false;
      for await (const { lines, isSampled } of tail ?? []) {
        if (isSampled) onFollowing({ way: "sampled" });
        yield parse(unseen.take(lines));
        if (isGapClosed || lasted() < SEARCHABLE_MS) continue;
        isGapClosed = true;
        yield* lookAtThePast();
      }
      state.ended = "the session has ended";
    } catch (error) {
      state.ended = isTimeout(error) ? "a session lasts three hours" : explain(error);
      if (!isTimeout(error) && lasted() < POLL_MS) giveUp(state.ended);
    }
    // Whatever ends each session as soon as it has begun is not asked again without a pause.
    if (tail === undefined || lasted() < POLL_MS) await clock.wait(POLL_MS, signal);
  }
}

const POLL_MS = 5000;

/** By when a line that CloudWatch has taken is found by its time. */
const SEARCHABLE_MS = 10_000;

/** CloudWatch ends each session after three hours. */
const isTimeout = (error: unknown): boolean =>
  error instanceof Error && error.name === "SessionTimeoutException";

const parse = (lines: readonly LoggedLine[]): readonly HandlerLogLine[] =>
  lines.map(({ message }) => parseLogLine(message)).filter((line) => line !== undefined);

/** A page at a time, also when there is nothing on it. */
async function* readFrom(
  { aws, names, signal }: LogContext,
  startTime: number,
  filterPattern: string | undefined,
): AsyncGenerator<readonly LoggedLine[]> {
  let nextToken: string | undefined;
  do {
    const page = await aws.cloudWatchLogs.send(
      new FilterLogEventsCommand({ logGroupName: names.logGroupName, startTime, filterPattern, nextToken }),
      { abortSignal: signal },
    );
    yield (page.events ?? []).map(({ timestamp = 0, message = "" }) => ({ timestamp, message }));
    ({ nextToken } = page);
  } while (nextToken !== undefined);
}

/** Lines come into the log late, and the past is read again and again: this remembers which were told. */
class UnseenLines {
  #newest: number;
  readonly #from: number;
  #seen = new Map<string, number>();

  constructor(from: number) {
    this.#from = from;
    this.#newest = from;
  }

  /** From when on the past is to be read. */
  get since(): number {
    return Math.max(this.#from, this.#newest - LATE_MS);
  }

  take(lines: readonly LoggedLine[]): readonly LoggedLine[] {
    const unseen = lines.filter((line) => !this.#seen.has(keyOf(line)));
    for (const line of unseen) {
      this.#seen.set(keyOf(line), line.timestamp);
      this.#newest = Math.max(this.#newest, line.timestamp);
    }
    this.#seen = new Map([...this.#seen].filter(([, timestamp]) => timestamp >= this.since));
    return unseen;
  }
}

/** How late a line may come into the log. */
const LATE_MS = MINUTE_MS;

/** The live tail tells no event ids; two equal lines of one millisecond tell nothing more than one. */
const keyOf = ({ timestamp, message }: LoggedLine): string => `${timestamp} ${message}`;
