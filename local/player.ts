import { availableParallelism } from "node:os";
import { findCluster } from "./cluster.ts";
import { UsageError } from "./errors.ts";
import { readFileText, readWhole } from "./input/event-input.ts";
import { type ReadCounts, readEventStream } from "./input/event-stream.ts";
import { KNOWN_FORMS } from "./input/recordings.ts";
import { readTableDump } from "./input/table-dump.ts";
import { type LocalParts, startLocalParts } from "./local-parts.ts";
import type { StartOptions } from "./options.ts";
import { createPace } from "./pace.ts";
import { play } from "./playback.ts";
import type { PlaybackReporter, RunEnd } from "./playback-reporter.ts";
import { addSpent, type Spent, startStopwatch } from "./stopwatch.ts";
import { addCounts, addPlayed, emptySummary, type Summary } from "./summary.ts";
import { parseTenants } from "./tenants.ts";
import type { Timings } from "./timings.ts";

/** Plays texts, one after the other, on the same function and table, which it starts with the first. */
export interface Player {
  /**
   * Ends early when the signal is aborted.
   * @param name of the text, for people.
   * @throws {UsageError} when no event is in it, or when a file cannot be read.
   */
  readonly play: (text: AsyncIterable<string>, name: string) => Promise<Summary>;
  /** Waits for the last log lines. @returns what all texts have come to. */
  readonly end: () => Promise<RunEnd>;
}

export interface PlayerOptions {
  readonly options: StartOptions;
  readonly reporter: PlaybackReporter;
  readonly signal: AbortSignal;
  /** Gets what is to be closed at the end. */
  readonly started: { close(): unknown }[];
}

/** @throws {UsageError} when the file of tenants cannot be read, or is not what it should be. */
export const createPlayer = async ({
  options,
  reporter,
  signal,
  started,
}: PlayerOptions): Promise<Player> => {
  const { environment, speed, tenantsFile, rowsFile } = options;
  const tenants =
    tenantsFile === undefined ? undefined : parseTenants(await readWhole(tenantsFile, signal), tenantsFile);
  let parts: LocalParts | undefined;
  let total = emptySummary;
  let readCounts: ReadCounts = { forms: new Map(), others: 0, notUnderstood: 0 };
  let spent: Spent = { wallMs: 0, cpuMs: 0 };
  let isStopped = false;

  const startParts = (input: string, clusterArn: string | undefined): Promise<LocalParts> =>
    startLocalParts({
      options,
      clusterArn: options.clusterArn ?? clusterArn ?? anyCluster(environment),
      input,
      reporter,
      mostContainers: isSideBySide(options) ? availableParallelism() : 1,
      signal,
      started,
    });

  const playAll = async (text: AsyncIterable<string>, name: string): Promise<Summary> => {
    const reading = readEventStream(text);
    const stream = await findCluster(reading.entries);
    if (!stream.hasEvents) throw nothingToPlay(name, stream.problem);
    const isFirst = parts === undefined;
    parts ??= await startParts(name, stream.clusterArn);
    const stopwatch = startStopwatch();
    try {
      return await play(stream.entries, {
        ...parts,
        rows:
          isFirst && rowsFile !== undefined ? readTableDump(readFileText(rowsFile, signal), rowsFile) : [],
        tenants,
        pace: speed === undefined ? undefined : createPace(speed, () => performance.now()),
        isSideBySide: isSideBySide(options),
        // At once: what is stopped has had events played, too.
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

  return {
    play: async (text, name) => {
      try {
        return await playAll(text, name);
      } finally {
        if (signal.aborted) isStopped = true;
      }
    },
    end: async () => {
      const rows = parts?.table.all() ?? [];
      await parts?.containers.close();
      const timings = options.timings && parts !== undefined ? timingsOf(total, parts, spent) : undefined;
      return { rows, summary: total, readCounts, isStopped, timings };
    },
  };
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

const nothingToPlay = (name: string, problem: string | undefined): UsageError =>
  new UsageError(
    problem === undefined ? `There is nothing in ${name}` : `There is no event in ${name}: ${problem}`,
    { hint: "What can be played", next: KNOWN_FORMS },
  );
