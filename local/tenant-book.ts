import type { PageData, PageEvent, PageTenant, PageUpdate } from "../page/page-data.ts";
import { textAt } from "./json-value.ts";
import type { PlayedEntry } from "./played-entry.ts";
import { sinceOf } from "./tenant-list.ts";
import type { TenantItem } from "./tenant-table.ts";

/** How many events of a tenant are kept: a run may be of millions. */
const KEPT_EVENTS = 200;

interface BookedTenant {
  readonly events: PageEvent[];
  leftOut: number;
  /** The status before the first event that is kept. */
  before: string | undefined;
  row: TenantItem | undefined;
}

/** Keeps what became of each tenant, event by event, for a page. */
export class TenantBook {
  readonly #tenants = new Map<string, BookedTenant>();
  #latest = Number.NEGATIVE_INFINITY;
  readonly #name: string;

  /** @param name of the environment. */
  constructor(name: string) {
    this.#name = name;
  }

  /** @returns what a page is to be told; undefined for what is of no tenant. */
  addPlayed(entry: PlayedEntry): PageUpdate | undefined {
    const { tenantId, glance, result } = entry;
    if (tenantId === undefined) return undefined;
    const tenant = this.#tenantOf(tenantId);
    const event: PageEvent = {
      at: glance.time ?? "no time",
      name: ("event" in result ? result.event : glance.name) ?? "no name",
      id: glance.id,
      status: result.status === "success" ? result.tenantStatus : undefined,
      effect: effectOf(result),
    };
    const time = Date.parse(event.at);
    if (time > this.#latest) this.#latest = time;
    tenant.events.push(event);
    if (tenant.events.length > KEPT_EVENTS) {
      tenant.before = tenant.events.shift()?.status ?? tenant.before;
      tenant.leftOut++;
    }
    return { tenant: this.#describe(tenantId, tenant), event };
  }

  addRow(row: TenantItem): PageUpdate {
    const id = String(row["tenant_id"]);
    const tenant = this.#tenantOf(id);
    tenant.row = row;
    return { tenant: this.#describe(id, tenant), event: undefined };
  }

  data(): PageData {
    return {
      title: `Tenants of ${this.#name}, played on this machine`,
      source: "Events as they were played through the built function",
      asOf: new Date(Number.isFinite(this.#latest) ? this.#latest : Date.now()).toISOString(),
      tenants: [...this.#tenants].map(([id, tenant]): PageTenant => ({
        ...this.#describe(id, tenant),
        events: [...tenant.events],
      })),
    };
  }

  #tenantOf(id: string): BookedTenant {
    const known = this.#tenants.get(id);
    if (known !== undefined) return known;
    const tenant: BookedTenant = { events: [], leftOut: 0, before: undefined, row: undefined };
    this.#tenants.set(id, tenant);
    return tenant;
  }

  #describe(id: string, { events, before, leftOut, row }: BookedTenant): PageUpdate["tenant"] {
    const ofEvents = events.findLast(({ status }) => status !== undefined)?.status ?? before;
    const status = textAt(row, "status") ?? ofEvents ?? "(none)";
    return {
      id,
      status,
      since: row === undefined ? undefined : sinceOf(row, status),
      note: leftOut === 0 ? undefined : `${leftOut} earlier events are left out`,
      before,
    };
  }
}

const effectOf = (result: PlayedEntry["result"]): string => {
  switch (result.status) {
    case "success":
      return result.changed
        ? `${result.previousStatus ?? "(none)"} → ${result.tenantStatus}`
        : `stays ${result.tenantStatus}`;
    case "ignored":
      return `ignored: ${result.reason}: ${result.message}`;
    case "failed":
      return `failed: ${result.error.name}: ${result.error.message}`;
  }
};
