import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { ECSClient } from "@aws-sdk/client-ecs";
import type { TransitionTable } from "../handler/transition-table.ts";
import { isAborted } from "../checklist/errors.ts";
import { ClusterServices } from "../reconcile/cluster-services.ts";
import { type Comparisons, compareRows } from "../reconcile/compare-rows.ts";
import { findBlownFuse } from "../reconcile/fuse.ts";
import { type ObservedServices, observeServices } from "../reconcile/observe-services.ts";
import { type Repair, repairDrifts, type SendRepair } from "../reconcile/repair.ts";
import { scanTenantRows, type SeenRow } from "../reconcile/tenant-rows.ts";
import type { Answer, RunCounts } from "./answer.ts";
import type { ReconcilerConfiguration } from "./configuration.ts";
import { createStatusCounts, type StatusCounts } from "./fleet-metrics.ts";
import type { Lease } from "./lease.ts";
import type { RunLog } from "./run-log.ts";

export interface Invocation {
  readonly requestId: string;
  /** Until Lambda ends the invocation. */
  readonly remainingMs: number;
}

/** Compares the fleet with what ECS says, and repairs what differs. @throws what AWS's trouble is. */
export type Run = (invocation: Invocation) => Promise<Answer>;

export interface RunContext {
  readonly configuration: ReconcilerConfiguration;
  readonly table: TransitionTable;
  readonly ecs: ECSClient;
  readonly dynamoDb: DynamoDBClient;
  readonly lease: Lease;
  readonly send: SendRepair;
  readonly log: RunLog;
  readonly now: () => Date;
}

/** What is left of the invocation is for the last repairs' answers, the lease and the lines. */
const RESERVED_MS = 30_000;
/** By then nothing of the run is under way any more, even if it is killed. */
const LEASE_RESERVED_MS = 10_000;
const REPAIR_CONCURRENCY = 8;

export const createRun =
  (context: RunContext): Run =>
  async ({ requestId, remainingMs }) => {
    const { configuration, lease, log, now } = context;
    const { environment } = configuration;
    const startedMs = now().getTime();
    if (!(await lease.take(requestId, startedMs + remainingMs - LEASE_RESERVED_MS))) {
      const answer = { status: "stepped_aside", environment, why: "another run is under way" } as const;
      log.answered(answer, requestId);
      return answer;
    }
    try {
      const outcome = await lookAndRepair(context, requestId, AbortSignal.timeout(remainingMs - RESERVED_MS));
      const answer = { ...outcome, environment, durationMs: now().getTime() - startedMs };
      log.answered(answer, requestId);
      refuseVainRepairs(answer);
      return answer;
    } finally {
      await lease.giveBack(requestId);
    }
  };

type Outcome = Partial<RunCounts> & {
  readonly status: "reconciled" | "fuse_blown" | "unfinished";
  readonly why?: string | undefined;
};

const lookAndRepair = async (
  context: RunContext,
  requestId: string,
  signal: AbortSignal,
): Promise<Outcome> => {
  const { configuration, log, table } = context;
  const statuses = createStatusCounts(table);
  let found: Found;
  try {
    found = await look(context, statuses, signal);
  } catch (error) {
    if (!signal.aborted || !(isAborted(error) || isTimeout(error))) throw error;
    return { status: "unfinished", why: "time ran out before all services and rows were seen" };
  }
  const { observed, comparisons } = found;
  log.statuses(statuses.byStatus(), requestId);
  nameTroubles(found, log, requestId);

  const blown = findBlownFuse({ ...comparisons, services: observed.services }, configuration.fuse);
  if (blown !== undefined) return { ...countsOf(found, []), status: "fuse_blown", why: blown };
  if (!configuration.repair) return { ...countsOf(found, []), status: "reconciled" };

  const byTenant = new Map(comparisons.drifts.map((drift) => [drift.tenantId, drift]));
  const repairs = await repairDrifts(comparisons.drifts, {
    concurrency: REPAIR_CONCURRENCY,
    signal,
    send: context.send,
    audit: (repair) => {
      const drift = byTenant.get(repair.tenantId);
      if (drift !== undefined) log.repaired(drift, repair, requestId);
    },
  });
  const counts = countsOf(found, repairs);
  return counts.unprocessed > 0
    ? { ...counts, status: "unfinished", why: `time ran out before ${counts.unprocessed} rows were repaired` }
    : { ...counts, status: "reconciled" };
};

interface Found {
  readonly observed: ObservedServices;
  readonly comparisons: Comparisons;
}

const look = async (
  { configuration, table, ecs, dynamoDb }: RunContext,
  statuses: StatusCounts,
  signal: AbortSignal,
): Promise<Found> => {
  const { clusterArn, environment, tenantsTable, tenantKey, statusAttribute, serviceArnPrefix } =
    configuration;
  const services = new ClusterServices(ecs, clusterArn, signal);
  await services.count();
  const observed = await observeServices(services.all(), environment, table, () => undefined);
  const rows = scanTenantRows(
    dynamoDb,
    { table: tenantsTable, key: tenantKey, statusAttribute },
    table,
    signal,
  );
  const comparisons = await compareRows(counted(rows, statuses), observed, {
    table,
    see: (serviceArns) => services.see(serviceArns),
    serviceArnPrefix,
    now: () => services.now(),
    progress: () => undefined,
  });
  return { observed, comparisons };
};

async function* counted(rows: AsyncIterable<SeenRow>, statuses: StatusCounts): AsyncGenerator<SeenRow> {
  for await (const seen of rows) {
    if (seen.kind === "row") statuses.add(seen.row.status);
    yield seen;
  }
}

const nameTroubles = ({ observed, comparisons }: Found, log: RunLog, requestId: string): void => {
  const named = ({ tenantId, why }: { readonly tenantId: string; readonly why: string }): string =>
    `${tenantId}: ${why}`;
  log.named(
    "Tenants that several services claim",
    [...observed.contested].map(([tenantId, arns]) => `${tenantId}: ${arns.join(", ")}`),
    requestId,
  );
  log.named("Rows that the handler cannot read", comparisons.malformed.map(named), requestId);
  log.named("Rows that remember an event of the future", comparisons.ahead.map(named), requestId);
  log.named(
    "Tenants that lost their service",
    comparisons.withoutService.filter(({ isLost }) => isLost).map(named),
    requestId,
  );
};

const countsOf = ({ observed, comparisons }: Found, repairs: readonly Repair[]): RunCounts => {
  const count = (outcome: Repair["outcome"]): number =>
    repairs.filter((repair) => repair.outcome === outcome).length;
  return {
    services: observed.services,
    tenants: comparisons.tenants,
    agreeing: comparisons.agreeing,
    kept: comparisons.kept,
    drifted: comparisons.drifts.length,
    repaired: count("repaired"),
    overtaken: count("overtaken"),
    failed: count("failed"),
    unprocessed: count("unprocessed"),
    tenantsWithoutService: comparisons.withoutService.filter(({ isLost }) => isLost).length,
    servicesWithoutTenant: comparisons.servicesWithoutTenant.length,
    contested: observed.contested.size,
    malformed: comparisons.malformed.length,
    ahead: comparisons.ahead.length,
  };
};

/** @throws {Error} when no repair got through: then it is not the rows that are to blame. */
const refuseVainRepairs = ({ repaired = 0, overtaken = 0, failed = 0 }: Partial<RunCounts>): void => {
  if (failed > 0 && repaired + overtaken === 0)
    throw new Error(`None of ${failed} repairs succeeded; the lines before say why`);
};

const isTimeout = (error: unknown): boolean => error instanceof Error && error.name === "TimeoutError";
