import type { Readable } from "node:stream";
import { renderPage } from "../page/render-page.ts";
import { bookingReporter } from "./booking-reporter.ts";
import { openEventInput } from "./input/event-input.ts";
import type { StartOptions } from "./options.ts";
import { checkPageFile, writePageFile } from "./page-file.ts";
import type { PlaybackReporter } from "./playback-reporter.ts";
import { createPlayer } from "./player.ts";
import { servePage } from "./serve-page.ts";
import { TenantBook } from "./tenant-book.ts";
import { UpdateFeed } from "./update-feed.ts";

/** What a run needs of the process. */
export interface RunContext {
  readonly standardInput: Readable;
  readonly reporter: PlaybackReporter;
  /** Stops the run, which then rejects. */
  readonly signal: AbortSignal;
}

/**
 * Plays a stream of events through the built handler; with `serve`, also those that are sent, until it is stopped. All that it starts it also
 * ends, whatever happens.
 * @returns whether no event failed.
 * @throws {UsageError} when a file cannot be read or written, or is not what it should be.
 */
export const run = async (
  options: StartOptions,
  { standardInput, reporter: shownTo, signal }: RunContext,
): Promise<boolean> => {
  const { environment, eventsFile, htmlFile, serve } = options;
  const started: { close(): unknown }[] = [];
  const feed = new UpdateFeed();
  const book = new TenantBook(environment);
  const reporter =
    htmlFile === undefined && serve === undefined
      ? shownTo
      : bookingReporter(shownTo, book, (update) => {
          if (serve !== undefined) feed.add(update);
        });
  try {
    if (htmlFile !== undefined) await checkPageFile(htmlFile);
    const player = createPlayer({ options, reporter, signal, started });
    const input =
      serve === undefined || eventsFile !== undefined
        ? openEventInput(eventsFile, standardInput, signal)
        : undefined;
    if (input !== undefined) started.push(input);
    try {
      // Before there are events: a page that is served has them, and a mistake in them is told at once.
      await player.fill();
      if (serve !== undefined)
        await servePage({
          ...serve,
          book,
          feed,
          input,
          play: player.play,
          started,
          signal,
          onServing: reporter.serving,
        });
      else if (input !== undefined) await player.play(input.text, input.name);
    } catch (error) {
      // Stopped before anything was played, it still has totals.
      if (!signal.aborted) throw error;
    }
    const end = await player.end();
    reporter.finished(end);
    // The totals come first: they are there, whatever becomes of the page.
    if (htmlFile !== undefined) await writePageFile(htmlFile, await renderPage(book.data()));
    if (serve === undefined) signal.throwIfAborted();
    return end.summary.failed === 0;
  } finally {
    reporter.close();
    for (const each of started.reverse()) await each.close();
  }
};
