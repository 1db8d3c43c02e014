import type { PageData, PageTenant, PageUpdate } from "../page-data.ts";

/** What a reader has chosen to see. */
export interface PageChoice {
  readonly search: string;
  /** Those that are shown; empty for all. */
  readonly statuses: ReadonlySet<string>;
  readonly order: "tenant" | "since";
  /** How many milliseconds before the end the timelines begin; undefined for with the first event. */
  readonly lastMs: number | undefined;
  /** The tenant whose events are shown, and which of them was meant. */
  readonly open: { readonly id: string; readonly event: number | undefined } | undefined;
}

export const FIRST_CHOICE: PageChoice = {
  search: "",
  statuses: new Set(),
  order: "tenant",
  lastMs: undefined,
  open: undefined,
};

/** The tenants that are meant, in their order. */
export const chosenTenants = (
  { tenants }: PageData,
  { search, statuses, order }: PageChoice,
): readonly PageTenant[] => {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return tenants
    .filter(
      (tenant) =>
        (statuses.size === 0 || statuses.has(tenant.status)) &&
        words.every((word) => searchedText(tenant).includes(word)),
    )
    .sort((a, b) => (order === "since" ? compare(b.since ?? "", a.since ?? "") : 0) || compare(a.id, b.id));
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const searched = new WeakMap<PageTenant, string>();

/** All that is known of it, in small letters; made once. */
export const searchedText = (tenant: PageTenant): string => {
  let text = searched.get(tenant);
  if (text === undefined) {
    const { id, status, note = "", events } = tenant;
    text = [id, status, note, ...events.map(({ name, id: eventId = "" }) => `${name} ${eventId}`)]
      .join("\n")
      .toLowerCase();
    searched.set(tenant, text);
  }
  return text;
};

/** How many tenants have each status, the most frequent first. */
export const countByStatus = ({ tenants }: PageData): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { status } of tenants) counts.set(status, (counts.get(status) ?? 0) + 1);
  return new Map([...counts].sort(([a, m], [b, n]) => n - m || compare(a, b)));
};

/** How many events of a tenant a live page keeps: it may stay open for days. */
const KEPT_EVENTS = 500;

/** The data after one more event; tenants that it does not concern stay the same objects. */
export const withUpdates = (data: PageData, updates: readonly PageUpdate[]): PageData => {
  let { asOf } = data;
  const tenants = new Map(data.tenants.map((tenant) => [tenant.id, tenant]));
  for (const { tenant, event } of updates) {
    if (event !== undefined && Date.parse(event.at) > Date.parse(asOf)) asOf = event.at;
    const events = tenants.get(tenant.id)?.events ?? [];
    tenants.set(tenant.id, {
      ...tenant,
      before: tenants.get(tenant.id)?.before ?? tenant.before,
      events: event === undefined ? events : [...events, event].slice(-KEPT_EVENTS),
    });
  }
  return { ...data, asOf, tenants: [...tenants.values()] };
};
