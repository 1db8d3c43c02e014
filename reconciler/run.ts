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
  /** For one run; once the signal is aborted it waits for no answer any more. */
  readonly sender: (signal: AbortSignal) => SendRepair;
  readonly log: RunLog;
  readonly now: () => Date;
  /** Of DescribeServices. */
  readonly pace: RequestPace;
  /** Where to put aside what does not fit into memory. */
  readonly folder: string;
}

/** What is left of the invocation is for the last repairs' answers: nothing more is begun. */
const RESERVED_MS = 40_000;
/** Repairs that hang are waited for no longer: what is left is for the lines and the lease. */
const ANSWERS_RESERVED_MS = 10_000;
/** By then nothing of the run is under way any more. */
const LEASE_RESERVED_MS = 5_000;

export const createRun =
  (context: ReconcilerContext): Run =>
  async ({ requestId, remainingMs }) => {
    const { configuration, lease, log, now } = context;
    const { environment } = configuration;
    const startedMs = now().getTime();
    const taken = await lease.take(requestId, startedMs + remainingMs - LEASE_RESERVED_MS);
    if (taken === undefined) {
      const answer = { status: "stepped_aside", environment, why: "another run is under way" } as const;
      log.answered(answer, requestId);
      return answer;
    }
    // One run at a time has the folder: what a killed one left there is of no use.
    rmSync(context.folder, { recursive: true, force: true });
    const spools = new SpoolFolder(context.folder);
    const ending = startDeadline(remainingMs - RESERVED_MS);
    const end = startDeadline(remainingMs - ANSWERS_RESERVED_MS);
    let resumeAt: number | undefined;
    try {
      const { resumeAt: next, ...outcome } = await lookAndRepair(context, {
        requestId,
        spools,
        resumeAt: taken.resumeAt,
        ending: ending.signal,
        end: end.signal,
      });
      resumeAt = next;
      const answer = { ...outcome, environment, durationMs: now().getTime() - startedMs };
      log.answered(answer, requestId);
      refuseVainRepairs(answer);
      return answer;
    } finally {
      ending.clear();
      end.clear();
      spools.remove();
      await lease.giveBack(requestId, resumeAt);
    }
  };

/** Aborts a signal when a time has passed. */
const startDeadline = (milliseconds: number): { readonly signal: AbortSignal; clear(): void } => {
  const controller = new AbortController();
  const timer = setTimeout(
    () => {
      controller.abort();
    },
    Math.max(0, milliseconds),
  );
  return {
    signal: controller.signal,
    clear: () => {
      clearTimeout(timer);
    },
  };
};

interface RunUnderWay {
  readonly requestId: string;
  readonly spools: SpoolFolder;
  /** The shard to begin with. */
  readonly resumeAt: number;
  /** Aborted: nothing more is begun. */
  readonly ending: AbortSignal;
  /** Aborted: nothing more is waited for. */
  readonly end: AbortSignal;
}

interface RunOutcome extends Omit<RunAnswer, "environment" | "durationMs"> {
  /** The shard that the next run begins with. */
  readonly resumeAt?: number | undefined;
}

const lookAndRepair = async (
  context: ReconcilerContext,
  { requestId, spools, resumeAt: startAt, ending: signal, end }: RunUnderWay,
): Promise<RunOutcome> => {
  const { configuration, ecs, dynamoDb, table, log, sender, pace, now } = context;
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
  const { counts: repaired, resumeAt } = await repairAll(seen.drifts, {
    table,
    send: sender(end),
    signal,
    startAt,
    audit: (drift, repair) => {
      log.repaired(drift, repair, requestId);
    },
  });
  const found = { ...counts, ...repaired, ...refreshed };
  if (repaired.unprocessed > 0 || end.aborted)
    return {
      status: "unfinished",
      why:
        `time ran out before ${repaired.unprocessed + repaired.failed} of ${counts.drifted} rows were repaired; ` +
        "the next run goes on from there",
      resumeAt,
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
  tenantServices: tally.tenant_service,
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
