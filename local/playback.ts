import { glanceAt } from "./event-glance.ts";
import {
  describePosition,
  type EventEntry,
  type MalformedEntry,
  type StreamEntry,
} from "./input/event-stream.ts";
import type { DumpedRow } from "./input/table-dump.ts";
import { textAt } from "./json-value.ts";
import type { LambdaFunction } from "./lambda-function.ts";
import type { PlayedEntry } from "./played-entry.ts";
import type { Pace } from "./pace.ts";
import type { PlaybackReporter } from "./playback-reporter.ts";
import { addPlayed, emptySummary, type Summary } from "./summary.ts";
import type { TenantDirectory } from "./tenant-directory.ts";
import type { TenantTable } from "./tenant-table.ts";
import { type Tenant, tenantOfService } from "./tenants.ts";

export interface PlaybackContext {
  readonly lambda: LambdaFunction;
  readonly table: TenantTable;
  readonly directory: TenantDirectory;
  /** What the table has before the first event. */
  readonly rows: Iterable<DumpedRow> | AsyncIterable<DumpedRow>;
  /** Undefined for one tenant for each service, from its first event on. */
  readonly tenants: readonly Tenant[] | undefined;
  readonly pace: Pace | undefined;
  readonly reporter: PlaybackReporter;
  readonly signal: AbortSignal;
}

/** Plays the entries one after another until the signal is aborted, and tells what came of each. */
export const play = async (
  entries: AsyncIterable<StreamEntry>,
  { lambda, table, directory, rows, tenants, pace, reporter, signal }: PlaybackContext,
): Promise<Summary> => {
  const showRow = async (tenantId: string): Promise<void> => {
    if (reporter.showRow === undefined) return;
    const row = await table.get(tenantId);
    if (row !== undefined) reporter.showRow(row);
  };

  const admit = async (tenant: Tenant): Promise<void> => {
    if (!directory.add(tenant)) return;
    await table.put(tenant);
    await showRow(tenant.tenant_id);
  };

  const invoke = async ({ event, payload, position, tenantId: told }: EventEntry): Promise<PlayedEntry> => {
    const glance = glanceAt(event);
    const { serviceArn } = glance;
    await pace?.(glance.time, signal);
    if (tenants === undefined && serviceArn !== undefined && directory.ofService(serviceArn) === undefined) {
      const tenant = tenantOfService(serviceArn, told);
      if (tenant !== undefined) await admit(tenant);
    }

    const before = table.requestCount();
    const invocation = await lambda.invoke(payload);
    const requests = table.requestCount() - before;
    const result =
      invocation.kind === "answered"
        ? invocation.answer
        : { status: "failed" as const, error: invocation.error };
    const tenantId =
      ("tenantId" in result ? result.tenantId : undefined) ??
      (serviceArn === undefined ? undefined : directory.ofService(serviceArn)?.tenant_id);
    return { position, glance, tenantId, result, requests };
  };

  for await (const row of rows) {
    directory.add({ tenant_id: row.tenant_id }, textAt(row, "service_arn"));
    await table.put(row);
    await showRow(row.tenant_id);
  }
  for (const tenant of tenants ?? []) await admit(tenant);
  let summary = emptySummary;
  try {
    for await (const entry of entries) {
      const played = entry.kind === "event" ? await invoke(entry) : malformed(entry);
      // What comes of an event that is interrupted is not known.
      if (signal.aborted) break;
      reporter.played(played);
      summary = addPlayed(summary, played);
      if (played.result.status === "success") await showRow(played.result.tenantId);
    }
  } catch (error) {
    // Reading, too, ends with it.
    if (!signal.aborted) throw error;
  }
  return summary;
};

const malformed = ({ position, problem }: MalformedEntry): PlayedEntry => ({
  position,
  glance: {},
  tenantId: undefined,
  result: {
    status: "failed",
    error: { name: "SyntaxError", message: `${describePosition(position)} ${problem}` },
  },
  requests: 0,
});
