import { randomUUID } from "node:crypto";
import pMap from "p-map";
import type { EventRule } from "../handler/transition-data.ts";
import type { Drift } from "./fleet-finding.ts";

/** What became of a drift. */
export interface Repair {
  readonly tenantId: string;
  readonly outcome: "repaired" | "overtaken" | "failed" | "unprocessed";
  readonly detail: string;
  /** Of the events that were sent, answered or not: the row and the handler's log have them, too. */
  readonly eventIds: readonly string[];
}

/** Sends the handler the event that a row misses, by invoking it; trouble with AWS is an answer, too. */
export type SendRepair = (drift: Drift, rule: EventRule, id: string) => Promise<RepairAnswer>;

export type RepairAnswer =
  | { readonly kind: "processed"; readonly tenantStatus: string }
  | { readonly kind: "failed"; readonly why: string };

export interface RepairOptions {
  readonly concurrency: number;
  /** Aborted: no further tenant is repaired; those under way are waited for. */
  readonly signal: AbortSignal;
  readonly send: SendRepair;
  readonly audit: (repair: Repair) => void;
}

/** Tells the handler what ECS says of the tenants; their rows are written by the handler alone. */
export const repairDrifts = async (
  drifts: readonly Drift[],
  { concurrency, signal, send, audit }: RepairOptions,
): Promise<readonly Repair[]> =>
  pMap(
    drifts,
    async (drift) => {
      const repair: Repair = {
        tenantId: drift.tenantId,
        ...(signal.aborted
          ? { outcome: "unprocessed", detail: "interrupted", eventIds: [] }
          : await repairOne(drift, send)),
      };
      audit(repair);
      return repair;
    },
    { concurrency },
  );

const repairOne = async (drift: Drift, send: SendRepair): Promise<Omit<Repair, "tenantId">> => {
  let status = "";
  const eventIds: string[] = [];
  for (const rule of drift.events) {
    const id = randomUUID();
    eventIds.push(id);
    const answer = await send(drift, rule, id);
    if (answer.kind === "failed")
      return { outcome: "failed", detail: `${rule.name}: ${answer.why}`, eventIds };
    status = answer.tenantStatus;
  }
  return status === drift.observation.verdict.rule.status
    ? { outcome: "repaired", detail: `${drift.rowSays ?? "(none)"} -> ${status}`, eventIds }
    : { outcome: "overtaken", detail: `${status}, by a newer event or another service`, eventIds };
};
