import type { RunEnd } from "../../local/playback-reporter.ts";
import { emptySummary } from "../../local/summary.ts";
import type { TenantItem } from "../../local/tenant-table.ts";

/** The end of a run that read two events and left this row. */
export const endOf = (row: TenantItem): RunEnd => ({
  rows: [row],
  summary: emptySummary,
  readCounts: { forms: new Map([["EventBridge event", 2]]), others: 0, notUnderstood: 0 },
  isStopped: false,
  timings: undefined,
});
