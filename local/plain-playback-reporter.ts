import { fitLines } from "../checklist/fit-lines.ts";
import type { Output } from "../checklist/reporter.ts";
import { describeCluster } from "./arns.ts";
import { describePlayed } from "./describe-played.ts";
import { printable } from "./printable.ts";
import type { PlaybackReporter, RunEnd, RunStart } from "./playback-reporter.ts";
import type { Style } from "./style.ts";
import { describeSummary } from "./summary.ts";
import { describeReadCounts } from "./describe-read-counts.ts";
import { describeTimings } from "./timings.ts";
import { renderTenants } from "./tenant-list.ts";

/** How wide the terminal is, which may change; undefined where lines may be of any length. */
export type ColumnsNow = () => number | undefined;

/** Text that only ever grows: for pipes, files and terminals that cannot redraw. */
export const createPlainPlaybackReporter = (
  output: Output,
  style: Style,
  columnsNow: ColumnsNow = () => undefined,
): PlaybackReporter => {
  const print = (text: string): void => {
    output.write(`${fitLines(text, columnsNow())}\n`);
  };
  return {
    ...printedLines(print, style, columnsNow),
    finished: (end) => {
      print(closing(end, style, columnsNow()));
    },
    close: () => undefined,
  };
};

/** What is said of a run while it goes on, line by line. */
export const printedLines = (
  print: (text: string) => void,
  style: Style,
  columnsNow: ColumnsNow,
): Required<Pick<PlaybackReporter, "started" | "logLine" | "played" | "serving">> => ({
  started: (start) => {
    print(heading(start, style, columnsNow()));
  },
  logLine: (line) => {
    print(style.faint(printable(line)));
  },
  played: (entry) => {
    print(describePlayed(entry, style));
  },
  serving: (endpoint) => {
    print(
      `${style.strong(`The page is at ${endpoint}`)} until Ctrl-C. Send it events, in any form that --events takes:`,
    );
    print(`  curl --data-binary @FILE ${endpoint}events`);
  },
});

/** What a run is about, above its events. What is longer than a line is in other words, or left out. */
const heading = (
  { input, clusterArn, environment, package: { zipBytes, codeSha256 } }: RunStart,
  style: Style,
  columns = Number.POSITIVE_INFINITY,
): string => {
  const fits = (word: string): boolean => word.length < columns;
  const facts = [
    `${(zipBytes / 1000).toFixed(1)} kB`,
    ...(fits(codeSha256) ? [`CodeSha256 ${codeSha256}`] : []),
    environment,
    fits(clusterArn) ? clusterArn : describeCluster(clusterArn),
  ];
  return [
    style.strong(`Playing ${printable(input)} through handler.zip`),
    style.faint(facts.join(", ")),
    "",
  ].join("\n");
};

/** What has come of a run, below its events. */
export const closing = (
  { rows, summary, readCounts, isStopped, timings }: RunEnd,
  style: Style,
  columns: number | undefined,
): string =>
  [
    ...(rows.length === 0 ? [] : ["", renderTenants(rows, style, columns)]),
    "",
    ...(isStopped ? ["Stopped before the end."] : []),
    ...describeSummary(summary),
    ...describeReadCounts(readCounts),
    ...(timings === undefined ? [] : describeTimings(timings)),
  ].join("\n");
