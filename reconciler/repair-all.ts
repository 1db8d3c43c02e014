import type { TransitionTable } from "../handler/transition-table.ts";
import type { Drift } from "../reconcile/fleet-finding.ts";
import { type Repair, repairDrifts, type SendRepair } from "../reconcile/repair.ts";
import { shardNumbers, type Spool } from "../reconcile/spool.ts";
import { readDrift, type SpooledDrift } from "../reconcile/spooled-drift.ts";

/** How many repairs came to what. */
export type RepairCounts = Readonly<Record<Repair["outcome"], number>>;

export interface Repairs {
  readonly counts: RepairCounts;
  /**
   * What the next run is to begin with, when time ran out: the shard after the one that was under way, which perhaps hangs
   * the next time, too.
   */
  readonly resumeAt: number | undefined;
}

export const NO_REPAIRS: RepairCounts = { repaired: 0, overtaken: 0, failed: 0, unprocessed: 0 };

/** Each is an invocation of the handler, beside those of events. */
const CONCURRENCY = 8;

export interface RepairAllOptions {
  readonly table: TransitionTable;
  readonly send: SendRepair;
  /** Aborted: the rest is left for the next run. */
  readonly signal: AbortSignal;
  /** The shard to begin with. */
  readonly startAt: number;
  readonly audit: (drift: Drift, repair: Repair) => void;
}

/**
 * Repairs what differs, one shard in memory at a time, from a given one on round to the one before it: runs that do not come
 * to all of them would else try the first ones again and again.
 */
export const repairAll = async (
  drifts: Spool<SpooledDrift>,
  { table, send, signal, startAt, audit }: RepairAllOptions,
): Promise<Repairs> => {
  const counts = { ...NO_REPAIRS };
  let resumeAt: number | undefined;
  for (const shard of [...shardNumbers.slice(startAt), ...shardNumbers.slice(0, startAt)]) {
    const inShard = drifts.read(shard).map((spooled) => readDrift(spooled, table));
    const byTenant = new Map(inShard.map((drift) => [drift.tenantId, drift]));
    await repairDrifts(inShard, {
      concurrency: CONCURRENCY,
      signal,
      send,
      audit: (repair) => {
        counts[repair.outcome]++;
        const drift = byTenant.get(repair.tenantId);
        // What nobody came to is counted: there may be thousands of them.
        if (drift !== undefined && repair.outcome !== "unprocessed") audit(drift, repair);
      },
    });
    if (signal.aborted && inShard.length > 0) resumeAt ??= (shard + 1) % shardNumbers.length;
  }
  return { counts, resumeAt };
};
