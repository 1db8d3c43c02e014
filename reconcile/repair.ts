import { randomUUID } from "node:crypto";
import pMap from "p-map";
import type { Transition } from "../handler/transition-table.ts";
import { explainAwsError } from "../ops/aws/explain-error.ts";
import { describeInvoked, type Invoked } from "../ops/aws/lambda/invoke.ts";
import type { Drift } from "./compare-rows.ts";

/** What became of a drift. */
export interface Repair {
  readonly tenantId: string;
  readonly outcome: "repaired" | "overtaken" | "failed" | "unprocessed";
  readonly detail: string;
}

export interface RepairOptions {
  readonly concurrency: number;
  /** Aborted: no further tenant is repaired; those under way are waited for. */
  readonly signal: AbortSignal;
  readonly invoke: (drift: Drift, transition: Transition, id: string) => Promise<Invoked>;
  readonly audit: (repair: Repair) => void;
}

/** Tells the handler what ECS says of the tenants; their rows are written by the handler alone. */
export const repairDrifts = async (
  drifts: readonly Drift[],
  { concurrency, signal, invoke, audit }: RepairOptions,
): Promise<readonly Repair[]> =>
  pMap(
    drifts,
    async (drift) => {
      const repair: Repair = {
        tenantId: drift.tenantId,
        ...(signal.aborted
          ? { outcome: "unprocessed", detail: "interrupted" }
          : await repairOne(drift, invoke)),
      };
      audit(repair);
      return repair;
    },
    { concurrency },
  );

const repairOne = async (
  drift: Drift,
  invoke: RepairOptions["invoke"],
): Promise<Omit<Repair, "tenantId">> => {
  let status = "";
  for (const transition of drift.events) {
    const failed = (why: string) => ({ outcome: "failed", detail: `${transition.name}: ${why}` }) as const;
    try {
      const invoked = await invoke(drift, transition, randomUUID());
      if (invoked.kind === "threw" || invoked.answer.status === "ignored")
        return failed(describeInvoked(invoked));
      status = invoked.answer.tenantStatus;
    } catch (error) {
      // Trouble with AWS is this tenant's failure; anything else is a bug and ends the run.
      const explanation = explainAwsError(error);
      if (explanation === undefined) throw error;
      return failed(explanation);
    }
  }
  return status === drift.observation.verdict.transition.status
    ? { outcome: "repaired", detail: `${drift.rowSays ?? "(none)"} -> ${status}` }
    : { outcome: "overtaken", detail: `${status}, by a newer event or another service` };
};
