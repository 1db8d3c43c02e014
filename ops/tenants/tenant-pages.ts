import { transitionTable } from "../../handler/transition-table.ts";
import { traceMemory } from "../../handler/tenant-state.ts";
import type { PageEvent, PageTenant } from "../../page/page-data.ts";
import type { SeenRow } from "../../reconcile/tenant-rows.ts";
import type { LoggedTransition } from "../aws/cloudwatch/transitions.ts";
import { effectOf } from "./fold-effect.ts";
import { describeRow, statusOf } from "./tenant-list.ts";

/** A tenant for a page, by its row: its events are those that the row remembers, folded step by step. */
export const pageOfRow = (seen: SeenRow): PageTenant => {
  const listed = describeRow(seen);
  const steps = seen.kind === "row" ? traceMemory(seen.row.events, transitionTable) : [];
  return {
    id: listed.tenantId,
    status: statusOf(listed),
    since: listed.since,
    note:
      listed.problem === undefined
        ? listed.ecsStatus && `Set by another service; ECS's events say ${listed.ecsStatus}`
        : `The handler cannot read it: ${listed.problem}`,
    before: undefined,
    events: steps.map((step) => ({
      at: step.occurrence.at,
      name: step.occurrence.name,
      id: step.occurrence.id,
      status: step.keptOff === undefined ? step.state.status : undefined,
      effect: effectOf(step),
    })),
  };
};

/** The tenants of a history: each with its changes, the oldest first. */
export const pageOfHistory = (changes: readonly LoggedTransition[]): readonly PageTenant[] => {
  const byTenant = new Map<string, LoggedTransition[]>();
  for (const change of changes) {
    const before = byTenant.get(change.tenantId);
    if (before === undefined) byTenant.set(change.tenantId, [change]);
    else before.push(change);
  }
  return [...byTenant].map(([id, [first, ...others]]) => {
    const all = first === undefined ? others : [first, ...others];
    const last = all.at(-1);
    return {
      id,
      status: last?.to ?? "",
      since: last?.time,
      note: undefined,
      before: first?.from,
      events: all.map((change): PageEvent => ({
        at: change.time,
        name: change.event,
        id: change.eventId,
        status: change.to,
        effect: [`${change.from} -> ${change.to}`, change.source && `sent by ${change.source}`]
          .filter(Boolean)
          .join(", "),
      })),
    };
  });
};
