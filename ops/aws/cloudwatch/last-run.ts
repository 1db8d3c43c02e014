import { paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { isNotFound } from "../explain-error.ts";
import type { Context } from "../../context.ts";
import { parseJson, propertiesOf } from "../../../checklist/parse-json.ts";

/** The last run of the scheduled reconciler, as its log tells. */
export interface LastRun {
  readonly at: Date;
  /** `Reconciled`, `Fuse blown: …`, `Unfinished: …`, `Failed to reconcile`. */
  readonly message: string;
  /** What it counted, by name. */
  readonly counts: Readonly<Record<string, number>>;
}

/** How far back the log is read: a run that is longer ago is no run. */
const INTERVALS = 4;

/** @returns undefined when there was none within the last intervals, or there is no such log. */
export const findLastRun = async ({
  aws,
  names,
  environment,
  clock,
  signal,
}: Pick<Context, "aws" | "names" | "environment" | "clock" | "signal">): Promise<LastRun | undefined> => {
  const lookbackMs = INTERVALS * environment.reconciler.everyMinutes * 60_000;
  let last: LastRun | undefined;
  try {
    for await (const { events = [] } of paginateFilterLogEvents(
      { client: aws.cloudWatchLogs },
      {
        logGroupName: names.reconciler.logGroupName,
        startTime: clock.now().getTime() - lookbackMs,
        filterPattern: '?"Reconciled" ?"Fuse blown" ?"Unfinished" ?"Failed to reconcile"',
      },
      { abortSignal: signal },
    ))
      for (const { message = "", timestamp = 0 } of events) {
        const run = parseRun(message, timestamp);
        if (run !== undefined && (last === undefined || run.at >= last.at)) last = run;
      }
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  return last;
};

const parseRun = (line: string, timestamp: number): LastRun | undefined => {
  const { message, run } = propertiesOf(parseJson(line));
  if (typeof message !== "string" || !RUN.test(message)) return undefined;
  const counts = Object.entries(propertiesOf(run)).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return { at: new Date(timestamp), message, counts: Object.fromEntries(counts) };
};

/** The messages of reconciler/run-log.ts. */
const RUN = /^(Reconciled$|Fuse blown: |Unfinished: |Failed to reconcile$)/;
