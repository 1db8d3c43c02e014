import type { TransitionTable } from "../handler/transition-table.ts";
import type { Drift } from "../reconcile/fleet-finding.ts";
import { type Repair, repairDrifts, type SendRepair } from "../reconcile/repair.ts";
import { shardNumbers, type Spool } from "../reconcile/spool.ts";
import { readDrift, type SpooledDrift } from "../reconcile/spooled-drift.ts";

/** How many repairs came to what. */
export type RepairCounts = Readonly<Record<Repair["outcome"], number>>;

export const NO_REPAIRS: RepairCounts = { repaired: 0, overtaken: 0, failed: 0, unprocessed: 0 };

/** Each is an invocation of the handler, beside those of events. */
const CONCURRENCY = 8;

/** Repairs what differs, one shard in memory at a time. Once the signal is aborted the rest is left for the next run. */
export const repairAll = async (
  drifts: Spool<SpooledDrift>,
  table: TransitionTable,
  send: SendRepair,
  signal: AbortSignal,
  audit: (drift: Drift, repair: Repair) => void,
): Promise<RepairCounts> => {
  const counts = { ...NO_REPAIRS };
  for (const shard of shardNumbers) {
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
  }
  return counts;
};
