import { once } from "node:events";
import { decodeText } from "./input/decode-text.ts";
import { startPageServer } from "./page-server.ts";
import type { Summary } from "./summary.ts";
import type { TenantBook } from "./tenant-book.ts";
import type { UpdateFeed } from "./update-feed.ts";

export interface ServePageOptions {
  readonly port: number;
  readonly address: string;
  readonly book: TenantBook;
  readonly feed: UpdateFeed;
  readonly playText: (text: AsyncIterable<string>, name: string) => Promise<Summary>;
  readonly started: { close(): unknown }[];
  readonly signal: AbortSignal;
  readonly onServing: ((endpoint: string) => void) | undefined;
}

/** Serves the page, and plays what is sent, one after the other, until it is stopped. Rejects only because of a bug. */
export const servePage = async ({
  playText,
  started,
  signal,
  onServing,
  ...options
}: ServePageOptions): Promise<void> => {
  const failure = new AbortController();
  let last: Promise<unknown> = Promise.resolve();
  const server = await startPageServer({
    ...options,
    play: (events) => {
      const played = last.then(() => playText(decodeText(events, SENT), SENT));
      last = played.catch(() => undefined);
      return played.then(({ events: count, applied, ignored, failed }) => ({
        events: count,
        applied,
        ignored: Object.fromEntries(ignored),
        failed,
      }));
    },
    onError: (error) => {
      // The browser that sent it has gone, or the run is being stopped: that is nobody's failure.
      if (!signal.aborted && !isBrokenOff(error)) failure.abort(error);
    },
  });
  started.push(server);
  onServing?.(server.endpoint);
  const end = AbortSignal.any([signal, failure.signal]);
  if (!end.aborted) await once(end, "abort");
  await last;
  failure.signal.throwIfAborted();
};

const SENT = "what was sent";

const isBrokenOff = (error: unknown): boolean =>
  error instanceof Error &&
  "code" in error &&
  /^(ECONNRESET|ERR_STREAM_PREMATURE_CLOSE)$/.test(String(error.code));
