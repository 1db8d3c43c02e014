import { mkdir, rm } from "node:fs/promises";
import { loadavg } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../build/handler-bundle.ts";
import { measureProgram } from "./measure-programs.ts";
import { writeOperatorDump } from "./operator-dump.ts";
import { type Sample, summarizeSamples } from "./statistics.ts";
import { WORK } from "./work.ts";

/** What it costs to play an operator's events by `npm start`. */
export interface PlayCosts {
  readonly rounds: number;
  /** How many processes the machine had something to do for, on average, in the minute before. */
  readonly loadBefore: number;
  readonly files: readonly PlayedFileCosts[];
}

/** Times are milliseconds for an event. */
export interface PlayedFileCosts {
  readonly megabytes: number;
  readonly events: number;
  readonly eventsPerSecond: Sample;
  readonly containersCpu: Sample;
  /** Of that, about, as DynamoDB. */
  readonly dynamoDb: Sample;
  /** Of `npm start` itself. */
  readonly ownCpu: Sample;
  /** At most, ever. */
  readonly ownMegabytes: Sample;
  readonly containerMegabytes: Sample;
}

const FILES_MEGABYTES = [10, 100] as const;

/** Plays a small file and a large one, in turn. */
export const measurePlay = async (path: string, rounds: number): Promise<PlayCosts> => {
  const [loadBefore = NaN] = loadavg();
  await mkdir(WORK, { recursive: true });
  const files = await Promise.all(
    FILES_MEGABYTES.map(async (megabytes) => {
      const file = join(WORK, `events-${megabytes}-MB.ndjson`);
      return {
        megabytes,
        file,
        events: await writeOperatorDump(file, megabytes * 1e6),
        runs: [] as PlayTimings[],
      };
    }),
  );
  try {
    for (let round = 0; round < rounds; round++)
      for (const { file, events, runs } of files) {
        const timings = await play(path, file);
        if (timings.events !== events) throw new Error(`${timings.events} of ${events} events were played`);
        runs.push(timings);
      }
  } finally {
    for (const { file } of files) await rm(file, { force: true });
  }
  return {
    rounds,
    loadBefore,
    files: files.map(({ megabytes, events, runs }) => {
      const sample = (value: (run: PlayTimings) => number): Sample => summarizeSamples(runs.map(value));
      return {
        megabytes,
        events,
        eventsPerSecond: sample(({ wallMs }) => (events / wallMs) * 1000),
        containersCpu: sample(({ containersCpuMs }) => containersCpuMs / events),
        ownCpu: sample(({ ownCpuMs }) => ownCpuMs / events),
        dynamoDb: sample(({ dynamoDbMs }) => dynamoDbMs / events),
        ownMegabytes: sample(({ maxRssBytes }) => maxRssBytes / 1e6),
        containerMegabytes: sample(({ containerMaxRssBytes }) => containerMaxRssBytes / 1e6),
      };
    }),
  };
};

/** As much of what `npm start -- --json --timings` prints last as is measured here. */
type PlayTimings = Readonly<
  Record<
    | "events"
    | "wallMs"
    | "containersCpuMs"
    | "ownCpuMs"
    | "dynamoDbMs"
    | "maxRssBytes"
    | "containerMaxRssBytes",
    number
  >
>;

const play = async (path: string, file: string): Promise<PlayTimings> => {
  const { output } = await measureProgram(
    process.execPath,
    ["--import", "tsx", join(REPOSITORY, "local/main.ts"), "--events", file, "--json", "--timings"],
    { PATH: path },
  );
  return JSON.parse(output.slice(output.trimEnd().lastIndexOf("\n") + 1)) as PlayTimings;
};
