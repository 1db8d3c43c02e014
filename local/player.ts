import { availableParallelism } from "node:os";
import { findCluster } from "./cluster.ts";
import type { Containers } from "./containers.ts";
import { UsageError } from "./errors.ts";
import { fillTable } from "./fill-table.ts";
import { readFileText, readWhole } from "./input/event-input.ts";
import { type ReadCounts, readEventStream } from "./input/event-stream.ts";
import { KNOWN_FORMS } from "./input/recordings.ts";
import { readTableDump } from "./input/table-dump.ts";
import { createLocalTables } from "./local-tables.ts";
import type { StartOptions } from "./options.ts";
import { createPace } from "./pace.ts";
import { play } from "./playback.ts";
import type { PlaybackReporter, RunEnd } from "./playback-reporter.ts";
import { startContainers } from "./start-containers.ts";
import { addSpent, type Spent, startStopwatch } from "./stopwatch.ts";
import { addCounts, addPlayed, emptySummary, type Summary } from "./summary.ts";
import type { TenantTable } from "./tenant-table.ts";
import { parseTenants } from "./tenants.ts";
import type { Timings } from "./timings.ts";

/** Plays texts, one after the other, on one table and one function, which is started with the first. */
export interface Player {
  /**
   * Puts into the table what it has before the first event.
   * @throws {UsageError} when a file of rows or tenants cannot be read, or is not what it should be.
   */
  readonly fill: () => Promise<void>;
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

export const createPlayer = ({ options, reporter, signal, started }: PlayerOptions): Player => {
  const { environment, speed, tenantsFile, rowsFile } = options;
  const tables = createLocalTables(environment);
  let containers: Containers | undefined;
  let total = emptySummary;
  let readCounts: ReadCounts = { forms: new Map(), others: 0, notUnderstood: 0 };
  let spent: Spent = { wallMs: 0, cpuMs: 0 };
  let isStopped = false;

  const fill = async (): Promise<void> =>
    fillTable({
      tables,
      rows: rowsFile === undefined ? undefined : readTableDump(readFileText(rowsFile, signal), rowsFile),
      tenants:
        tenantsFile === undefined
          ? undefined
          : parseTenants(await readWhole(tenantsFile, signal), tenantsFile),
      reporter,
    });

  const start = (input: string, clusterArn: string | undefined): Promise<Containers> =>
    startContainers({
      options,
      tables,
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
    containers ??= await start(name, stream.clusterArn);
    const stopwatch = startStopwatch();
    try {
      return await play(stream.entries, {
        ...tables,
        containers,
        meetsTenants: tenantsFile === undefined,
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

  const notingStop = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } finally {
      if (signal.aborted) isStopped = true;
    }
  };

  return {
    fill: () => notingStop(fill()),
    play: (text, name) => notingStop(playAll(text, name)),
    end: async () => {
      const rows = tables.table.all();
      await containers?.close();
      const timings =
        options.timings && containers !== undefined
          ? timingsOf(total, containers, tables.table, spent)
          : undefined;
      return { rows, summary: total, readCounts, isStopped, timings };
    },
  };
};

/** Of what was played; the function is built and started before. */
const timingsOf = (
  { events }: Summary,
  containers: Containers,
  table: TenantTable,
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
