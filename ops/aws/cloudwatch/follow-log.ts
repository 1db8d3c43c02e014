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
 * is left out. A session is opened before the past is read, and again when it has ended: nothing falls between.
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
  const state: { canTail: boolean } = { canTail: true };
  const giveUp = (error: unknown): undefined => {
    signal.throwIfAborted();
    const explanation = explainAwsError(error);
    if (explanation === undefined || isNotFound(error)) throw error;
    state.canTail = false;
    onFollowing({ way: "polling", why: explanation.message });
  };
  for (;;) {
    const tail: AsyncIterable<TailUpdate> | undefined = state.canTail
      ? await openLiveTail(context, filterPattern).catch(giveUp)
      : undefined;
    if (tail !== undefined) onFollowing({ way: "live tail" });
    yield* lookAtThePast();
    try {
      for await (const { lines, isSampled } of tail ?? []) {
        if (isSampled) onFollowing({ way: "sampled" });
        yield parse(unseen.take(lines));
      }
    } catch (error) {
      if (!isTimeout(error)) giveUp(error);
    }
    await clock.wait(POLL_MS, signal);
  }
}

const POLL_MS = 5000;

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
