import { once } from "node:events";
import type { Readable } from "node:stream";
import { openInbox } from "./inbox.ts";
import { decodeText } from "./input/decode-text.ts";
import type { EventInput } from "./input/event-input.ts";
import { type PostAnswer, startPageServer } from "./page-server.ts";
import { emptySummary, type Summary } from "./summary.ts";
import type { TenantBook } from "./tenant-book.ts";
import type { UpdateFeed } from "./update-feed.ts";

export interface ServePageOptions {
  readonly port: number;
  readonly address: string;
  readonly book: TenantBook;
  readonly feed: UpdateFeed;
  /** What is played before anything that is sent; undefined for nothing. */
  readonly input: EventInput | undefined;
  readonly play: (text: AsyncIterable<string>, name: string) => Promise<Summary>;
  readonly started: { close(): unknown }[];
  readonly signal: AbortSignal;
  readonly onServing: ((endpoint: string) => void) | undefined;
}

/**
 * Serves the page from the beginning on, and plays the input, then what is sent, one after the other, until it is stopped.
 * @throws {UsageError} when the port is taken, or the input is not what it should be.
 */
export const servePage = async ({
  input,
  play,
  started,
  signal,
  onServing,
  ...options
}: ServePageOptions): Promise<void> => {
  const failure = new AbortController();
  const end = AbortSignal.any([signal, failure.signal]);
  let last: Promise<unknown> = Promise.resolve();
  /** @returns undefined where it ends before its turn. */
  const playInTurn = (text: () => AsyncIterable<string>, name: string): Promise<Summary | undefined> => {
    const played = last.then(() => (end.aborted ? undefined : play(text(), name)));
    last = played.catch(() => undefined);
    return played;
  };

  const inbox = await openInbox();
  started.push(inbox);
  const playSent = async (sent: Readable): Promise<PostAnswer> => {
    const posting = await inbox.receive(sent);
    try {
      const summary = await playInTurn(() => decodeText(posting.open(), SENT), SENT);
      return end.aborted
        ? { status: 503, body: { message: STOPPED, ...countsOf(summary) } }
        : { status: 200, body: countsOf(summary) };
    } finally {
      await posting.discard();
    }
  };
  const fail = (error: unknown): void => {
    if (!signal.aborted) failure.abort(error);
  };
  const server = await startPageServer({ ...options, play: playSent, onError: fail });
  started.push(server);
  onServing?.(server.endpoint);
  if (input !== undefined) playInTurn(() => input.text, input.name).catch(fail);
  if (!end.aborted) await once(end, "abort");
  await last;
  failure.signal.throwIfAborted();
};

const SENT = "what was sent";

const STOPPED = "npm start is being stopped: what is not counted here was not played";

const countsOf = ({ events, applied, ignored, failed }: Summary = emptySummary): object => ({
  events,
  applied,
  ignored: Object.fromEntries(ignored),
  failed,
});
