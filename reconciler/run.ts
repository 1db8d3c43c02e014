import { rmSync } from "node:fs";
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { ECSClient } from "@aws-sdk/client-ecs";
import { describe } from "../handler/errors.ts";
import type { TransitionTable } from "../handler/transition-table.ts";
import { isAborted, ObstacleError } from "../checklist/errors.ts";
import { ClusterServices } from "../reconcile/cluster-services.ts";
import type { Tally } from "../reconcile/fleet-finding.ts";
import { findClockTrouble } from "../reconcile/fuse.ts";
import type { RequestPace } from "../reconcile/request-pace.ts";
import type { SendRepair } from "../reconcile/repair.ts";
import { SpoolFolder } from "../reconcile/spool.ts";
import type { ReconcilerAnswer, RunAnswer } from "./answer.ts";
import type { ReconcilerConfiguration } from "./configuration.ts";
import { refreshDirectory } from "./directory-refresh.ts";
import type { Lease } from "./lease.ts";
import { type Look, look } from "./look.ts";
import { NO_REPAIRS, repairAll } from "./repair-all.ts";
import type { RunLog } from "./run-log.ts";

export interface ScheduledInvocation {
  readonly requestId: string;
  /** Until Lambda ends the invocation. */
  readonly remainingMs: number;
}

/** Compares the fleet with what ECS says, and repairs what differs. @throws what AWS's trouble is. */
export type Run = (invocation: ScheduledInvocation) => Promise<ReconcilerAnswer>;

export interface ReconcilerContext {
  readonly configuration: ReconcilerConfiguration;
  readonly table: TransitionTable;
  readonly ecs: ECSClient;
  readonly dynamoDb: DynamoDBClient;
  readonly lease: Lease;
  readonly send: SendRepair;
  readonly log: RunLog;
  readonly now: () => Date;
  /** Of DescribeServices. */
  readonly pace: RequestPace;
  /** Where to put aside what does not fit into memory. */
  readonly folder: string;
}

/** What is left of the invocation is for the last repairs' answers, the lease and the lines. */
const RESERVED_MS = 40_000;
/** By then nothing of the run is under way any more. */
const LEASE_RESERVED_MS = 5_000;

export const createRun =
  (context: ReconcilerContext): Run =>
  async ({ requestId, remainingMs }) => {
    const { configuration, lease, log, now } = context;
    const { environment } = configuration;
    const startedMs = now().getTime();
    if (!(await lease.take(requestId, startedMs + remainingMs - LEASE_RESERVED_MS))) {
      const answer = { status: "stepped_aside", environment, why: "another run is under way" } as const;
      log.answered(answer, requestId);
      return answer;
    }
    // One run at a time has the folder: what a killed one left there is of no use.
    rmSync(context.folder, { recursive: true, force: true });
    const spools = new SpoolFolder(context.folder);
    const deadline = new AbortController();
    const timer = setTimeout(
      () => {
        deadline.abort();
      },
      Math.max(0, remainingMs - RESERVED_MS),
    );
    try {
      const outcome = await lookAndRepair(context, requestId, spools, deadline.signal);
      const answer = { ...outcome, environment, durationMs: now().getTime() - startedMs };
      log.answered(answer, requestId);
      refuseVainRepairs(answer);
      return answer;
    } finally {
      clearTimeout(timer);
      spools.remove();
      await lease.giveBack(requestId);
    }
  };

type RunOutcome = Omit<RunAnswer, "environment" | "durationMs">;

const lookAndRepair = async (
  context: ReconcilerContext,
  requestId: string,
  spools: SpoolFolder,
  signal: AbortSignal,
): Promise<RunOutcome> => {
  const { configuration, ecs, dynamoDb, table, log, send, pace, now } = context;
  const services = new ClusterServices(ecs, configuration.clusterArn, signal, pace);
  let seen: Look;
  try {
    const active = await services.count();
    const clocks = findTrouble(services, now());
    if (clocks !== undefined) return { status: "fuse_blown", why: clocks };
    seen = await look({ configuration, table, dynamoDb, services, spools, signal }, active);
  } catch (error) {
    if (!(signal.aborted && isAborted(error))) throw error;
    return { status: "unfinished", why: `time ran out after ${services.listed} services were listed` };
  }
  log.statuses(seen.byStatus, requestId);
  for (const trouble of seen.troubles) log.trouble(trouble, requestId);

  const counts = countsOf(seen.tally);
  if (seen.blown !== undefined) return { status: "fuse_blown", why: seen.blown, ...counts, ...NO_REPAIRS };
  if (!configuration.repair) return { status: "reconciled", ...counts, ...NO_REPAIRS };

  // First: the handler then finds in it whose the services are, and need not ask ECS for each repair.
  const refreshed = await refreshDirectory(
    { dynamoDb, configuration, services, now },
    seen.owners,
    spools,
    signal,
  ).catch((error: unknown) => {
    // The directory is a cache: the next run goes on with it.
    log.trouble({ what: "The directory was not refreshed", count: 1, names: [describe(error)] }, requestId);
    return {};
  });
  const repaired = await repairAll(seen.drifts, table, send, signal, (drift, repair) => {
    log.repaired(drift, repair, requestId);
  });
  const found = { ...counts, ...repaired, ...refreshed };
  if (repaired.unprocessed > 0)
    return {
      status: "unfinished",
      why: `time ran out before ${repaired.unprocessed} of ${counts.drifted} rows were repaired`,
      ...found,
    };
  return { status: "reconciled", ...found };
};

/** ECS's clock stamps the repairs: when it does not tell its time, nothing can be changed. */
const findTrouble = (services: ClusterServices, own: Date): string | undefined => {
  try {
    return findClockTrouble(services.now(), own);
  } catch (error) {
    if (!(error instanceof ObstacleError)) throw error;
    return `clocks: ${error.message}`;
  }
};

const countsOf = (tally: Tally) => ({
  services: tally.service,
  tenants: tally.row,
  agreeing: tally.agrees,
  kept: tally.kept,
  drifted: tally.drift,
  tenantsWithoutService: tally.lost,
  servicesWithoutTenant: tally.service_without_tenant,
  contested: tally.contested,
  unanswered: tally.unanswered,
  malformed: tally.malformed,
  ahead: tally.ahead,
});

/** @throws {Error} when no repair got through: then it is not the rows that are to blame. */
const refuseVainRepairs = ({ repaired = 0, overtaken = 0, failed = 0 }: Partial<RunAnswer>): void => {
  if (failed > 0 && repaired + overtaken === 0)
    throw new Error(`None of ${failed} repairs succeeded; the lines before say why`);
};
