import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import type { Readable } from "node:stream";
import { renderPage } from "../page/render-page.ts";
import { bookingReporter } from "./booking-reporter.ts";
import { findCluster } from "./cluster.ts";
import { UsageError } from "./errors.ts";
import { openEventInput, readFileText, readWhole } from "./input/event-input.ts";
import { type ReadCounts, readEventStream } from "./input/event-stream.ts";
import { KNOWN_FORMS } from "./input/recordings.ts";
import { type DumpedRow, readTableDump } from "./input/table-dump.ts";
import { type LocalParts, startLocalParts } from "./local-parts.ts";
import type { StartOptions } from "./options.ts";
import { createPace } from "./pace.ts";
import { play } from "./playback.ts";
import type { PlaybackReporter } from "./playback-reporter.ts";
import { servePage } from "./serve-page.ts";
import { addCounts, addPlayed, emptySummary, type Summary } from "./summary.ts";
import { TenantBook } from "./tenant-book.ts";
import { parseTenants } from "./tenants.ts";
import { addSpent, type Spent, startStopwatch } from "./stopwatch.ts";
import type { Timings } from "./timings.ts";
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
 * @throws {UsageError} when a file cannot be read, or is not what it should be.
 */
export const run = async (
  options: StartOptions,
  { standardInput, reporter: shownTo, signal }: RunContext,
): Promise<boolean> => {
  const { environment, speed, htmlFile, serve } = options;
  let spent: Spent = { wallMs: 0, cpuMs: 0 };
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
    const tenants =
      options.tenantsFile === undefined
        ? undefined
        : parseTenants(await readWhole(options.tenantsFile), options.tenantsFile);
    let parts: LocalParts | undefined;
    let total = emptySummary;
    let readCounts: ReadCounts = { forms: new Map(), others: 0, notUnderstood: 0 };

    const playText = async (text: AsyncIterable<string>, name: string): Promise<Summary> => {
      const reading = readEventStream(text);
      const stream = await findCluster(reading.entries);
      if (!stream.hasEvents) throw nothingToPlay(name, stream.problem);
      let rows: AsyncIterable<DumpedRow> | Iterable<DumpedRow> = [];
      if (parts === undefined) {
        const clusterArn = options.clusterArn ?? stream.clusterArn ?? anyCluster(environment);
        parts = await startLocalParts({
          options,
          clusterArn,
          input: name,
          reporter,
          mostContainers: isSideBySide(options) ? availableParallelism() : 1,
          signal,
          started,
        });
        if (options.rowsFile !== undefined)
          rows = readTableDump(readFileText(options.rowsFile), options.rowsFile);
      }
      const pace = speed === undefined ? undefined : createPace(speed, () => performance.now());
      const stopwatch = startStopwatch();
      try {
        return await play(stream.entries, {
          ...parts,
          rows,
          tenants,
          pace,
          isSideBySide: isSideBySide(options),
          // At once: a sender who breaks off has had events played, too.
          count: (played) => {
            total = addPlayed(total, played);
          },
          reporter,
          signal,
        });
      } finally {
        spent = addSpent(spent, stopwatch());
        readCounts = addReadCounts(readCounts, reading.readCounts());
      }
    };

    if (serve === undefined || options.eventsFile !== undefined) {
      const input = await openEventInput(options.eventsFile, standardInput, signal);
      started.push(input);
      await playText(input.text, input.name);
    }
    if (serve !== undefined)
      await servePage({ ...serve, book, feed, playText, started, signal, onServing: reporter.serving });

    const finalRows = parts?.table.all() ?? [];
    // Its last log lines come before the conclusion.
    await parts?.containers.close();
    if (htmlFile !== undefined) await writePage(htmlFile, book);
    reporter.finished({
      rows: finalRows,
      summary: total,
      readCounts,
      isStopped: serve === undefined && signal.aborted,
      timings: options.timings && parts !== undefined ? timingsOf(total, parts, spent) : undefined,
    });
    if (serve === undefined) signal.throwIfAborted();
    return total.failed === 0;
  } finally {
    reporter.close();
    for (const each of started.reverse()) await each.close();
  }
};

/** Of what was played; the function is built and started before. */
const timingsOf = (
  { events }: Summary,
  { containers, table }: LocalParts,
  { wallMs, cpuMs }: Spent,
): Timings => ({
  events,
  wallMs,
  containersMs: containers.usedMs(),
  dynamoDbMs: table.answeringMs() + containers.usage().dynamoDbMs,
  containersCpuMs: containers.usage().cpuMs,
  containerMaxRssBytes: containers.usage().maxRssBytes,
  ownCpuMs: cpuMs,
  maxRssBytes: process.resourceUsage().maxRSS * 1024,
});

/** Not where each event has its time, or its log lines come before it. */
const isSideBySide = ({ speed, verbose }: StartOptions): boolean => speed === undefined && !verbose;

/** Of a stream that names no cluster, no event can be of a tenant's service; any cluster does. */
const anyCluster = (environment: string): string =>
  `arn:aws:ecs:af-south-1:000000000000:cluster/bbws-cluster-${environment}`;

const addReadCounts = (one: ReadCounts, other: ReadCounts): ReadCounts => ({
  forms: addCounts(one.forms, other.forms),
  others: one.others + other.others,
  notUnderstood: one.notUnderstood + other.notUnderstood,
});

const writePage = async (file: string, book: TenantBook): Promise<void> => {
  const html = await renderPage(book.data());
  await writeFile(file, html).catch((error: unknown) => {
    throw new UsageError(`Cannot write ${file}: ${String(error)}`, { cause: error });
  });
};

const nothingToPlay = (name: string, problem: string | undefined): UsageError =>
  problem === undefined
    ? new UsageError(`There is nothing in ${name}`, { hint: "What can be played", next: KNOWN_FORMS })
    : new UsageError(`There is no event in ${name}: ${problem}`);
