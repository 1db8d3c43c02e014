import { randomUUID } from "node:crypto";
import type { PageData, PageUpdate } from "../page/page-data.ts";

export const TENANTS = 2000;
export const CHANGES = 50;

const BEGIN = Date.UTC(2026, 2, 3);
const CHANGE_MS = 1_000_000;

const STATUSES = ["PROVISIONING", "ACTIVE", "FAILED", "SCALING", "ROLLING_BACK"] as const;
const statusOf = (number: number): string => STATUSES[number % STATUSES.length] ?? "ACTIVE";
const timeOf = (ms: number): string => new Date(BEGIN + ms).toISOString();

/** As many tenants, each with as many changes, as a page must be able to hold. */
export const largePage = (): PageData => ({
  title: "Tenants of dev",
  source: "Made up",
  asOf: timeOf((CHANGES + 1) * CHANGE_MS),
  tenants: Array.from({ length: TENANTS }, (_, number) => ({
    id: `tenant-${number}`,
    status: statusOf(number),
    since: timeOf(CHANGES * CHANGE_MS + number * 1000),
    note: undefined,
    before: undefined,
    events: Array.from({ length: CHANGES }, (__, change) => ({
      at: timeOf(change * CHANGE_MS + ((number * 7919) % 997) * 1000),
      name: "SERVICE_STEADY_STATE",
      id: randomUUID(),
      status: statusOf(number + change * 3),
      effect: "set it",
    })),
  })),
});

/** What a live page of these tenants is told at a time: a change of each of some tenants, all over the list. */
export const largeUpdate = (turn: number, size: number): readonly PageUpdate[] =>
  Array.from({ length: size }, (_, index) => {
    const number = (turn * size + index) * 3;
    const at = timeOf((CHANGES + 1) * CHANGE_MS + turn * 1000);
    const status = statusOf(number + turn);
    return {
      tenant: { id: `tenant-${number % TENANTS}`, status, since: at, note: undefined, before: undefined },
      event: { at, name: "SERVICE_STEADY_STATE", id: randomUUID(), status, effect: "set it" },
    };
  });
