import type { Output } from "../checklist/reporter.ts";
import type { PlaybackReporter } from "./playback-reporter.ts";
import { visibleJson, visibleText } from "../checklist/visible.ts";

const TENANT_LINE = { type: "tenant" };

/**
 * One JSON object a line, and nothing else: each event's outcome in order, then each tenant's row, then the totals.
 * The function's log lines go elsewhere.
 */
export const createJsonPlaybackReporter = (output: Output, logOutput: Output): PlaybackReporter => {
  const write = (line: object): void => {
    output.write(`${visibleJson(line)}\n`);
  };
  return {
    started: () => undefined,
    logLine: (line) => {
      logOutput.write(`${visibleText(line)}\n`);
    },
    played: ({ position, glance, result }) => {
      write({
        type: "event",
        id: glance.id ?? null,
        ...result,
        ...(result.status === "failed" ? position : {}),
      });
    },
    serving: (endpoint) => {
      write({ type: "serving", page: endpoint, events: `${endpoint}events` });
    },
    finished: ({ rows, summary: { events, applied, ignored, failed }, readCounts, isStopped, timings }) => {
      // A dump's row may have a type of its own, which says nothing of the line.
      for (const row of rows) write({ ...TENANT_LINE, ...row, ...TENANT_LINE });
      write({
        type: "summary",
        events,
        applied,
        ignored: Object.fromEntries(ignored),
        failed,
        read: Object.fromEntries(readCounts.forms),
        others: readCounts.others,
        notUnderstood: readCounts.notUnderstood,
        stopped: isStopped,
      });
      if (timings !== undefined) write({ type: "timings", ...timings });
    },
    close: () => undefined,
  };
};
