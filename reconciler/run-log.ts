import type { Logger } from "../handler/logger.ts";
import type { Drift } from "../reconcile/fleet-finding.ts";
import type { Repair } from "../reconcile/repair.ts";
import type { ReconcilerAnswer, RunAnswer } from "./answer.ts";
import { runMetrics, statusMetrics } from "./fleet-metrics.ts";
import type { Trouble } from "./troubles.ts";

/** Writes the function's lines. The runbook, the alarms and `ops status` search for their messages and metrics. */
export interface RunLog {
  /** One line a tenant. */
  repaired(drift: Drift, repair: Repair, requestId: string): void;
  /** How many tenants have each status. */
  statuses(byStatus: ReadonlyMap<string, number>, requestId: string): void;
  trouble(trouble: Trouble, requestId: string): void;
  answered(answer: ReconcilerAnswer, requestId: string): void;
  failed(error: unknown, requestId: string): void;
}

export const createRunLog = (logger: Logger, environment: string, now: () => Date): RunLog => ({
  repaired: ({ tenantId, rowSays, observation }, { outcome, detail, eventIds }, requestId) => {
    const { verdict, serviceArn } = observation;
    const line = {
      requestId,
      tenantId,
      from: rowSays,
      to: verdict.rule.status,
      because: verdict.says,
      serviceArn,
      outcome,
      detail,
      eventIds,
    };
    if (outcome === "failed") logger.log("warn", `Failed to repair ${tenantId}`, line);
    else
      logger.log(
        "info",
        outcome === "repaired" ? `Repaired ${tenantId}` : `Did not repair ${tenantId}`,
        line,
      );
  },
  statuses: (byStatus, requestId) => {
    for (const [status, tenants] of byStatus)
      logger.log("info", `${tenants} tenants ${status}`, {
        requestId,
        ...statusMetrics(status, tenants, environment, now().getTime()),
      });
  },
  trouble: ({ what, count, names }, requestId) => {
    logger.log("warn", `${what}: ${count}`, { requestId, names });
  },
  answered: (answer, requestId) => {
    const metrics = metricsOf(answer);
    const { level, message } = headline(answer);
    logger.log(level, message, {
      requestId,
      run: answer,
      ...(Object.keys(metrics).length > 0 ? runMetrics(metrics, environment, now().getTime()) : {}),
    });
  },
  failed: (error, requestId) => {
    logger.log("error", "Failed to reconcile", {
      requestId,
      status: "failed",
      error:
        error instanceof Error
          ? { name: error.name, message: clip(error.message, MAX_ERROR) }
          : { message: clip(String(error), MAX_ERROR) },
    });
  },
});

/** A line that is too long is cut by Lambda, and no JSON any more. */
const MAX_ERROR = 16_384;

const clip = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max)}…`);

const headline = (
  answer: ReconcilerAnswer,
): { readonly level: "info" | "warn" | "error"; readonly message: string } => {
  switch (answer.status) {
    case "reconciled":
      return { level: "info", message: "Reconciled" };
    case "fuse_blown":
      return { level: "error", message: `Fuse blown: ${answer.why ?? ""}` };
    case "unfinished":
      return { level: "warn", message: `Unfinished: ${answer.why ?? ""}` };
    case "stepped_aside":
      return { level: "warn", message: `Stepped aside: ${answer.why}` };
    case "ready":
      return { level: "info", message: "Ready" };
    case "refused":
      return { level: "warn", message: "Invalid event" };
  }
};

const metricsOf = (answer: ReconcilerAnswer): Readonly<Record<string, number>> => {
  switch (answer.status) {
    case "reconciled":
    case "fuse_blown":
      return { RunsCompleted: 1, FuseBlown: answer.status === "fuse_blown" ? 1 : 0, ...countMetrics(answer) };
    case "unfinished":
      return { RunsUnfinished: 1, ...countMetrics(answer) };
    case "stepped_aside":
      return { RunsSteppedAside: 1 };
    case "ready":
      return {};
    case "refused":
      return { EventsRejected: 1 };
  }
};

/** Only what was counted: a run whose time ran out says nothing of what it did not get to. */
const countMetrics = ({ durationMs, ...counts }: RunAnswer): Readonly<Record<string, number>> => {
  const metrics: Readonly<Record<string, number | undefined>> = {
    RunDurationMs: durationMs,
    RowsDrifted: counts.drifted,
    RowsRepaired: counts.repaired,
    RepairsFailed: counts.failed,
    TenantServices: counts.tenantServices,
    ServicesWithoutTenant: counts.servicesWithoutTenant,
    TenantsWithoutService: counts.tenantsWithoutService,
    ServicesContested: counts.contested,
    RowsMalformed: counts.malformed,
    RowsAhead: counts.ahead,
    ServicesUnanswered: counts.unanswered,
    DirectoryItemsWritten: counts.directoryItemsWritten,
    DirectoryItemsRemoved: counts.directoryItemsRemoved,
  };
  return Object.fromEntries(
    Object.entries(metrics).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
};
