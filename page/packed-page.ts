import type { PageData, PageEvent, PageTenant, StatusLook } from "./page-data.ts";

/**
 * A page's data in few bytes: texts that come again are numbers, times are differences, ids have no dashes. A hundred thousand changes
 * with their ids then fit into a file that can be mailed.
 */
export interface PackedPage extends Pick<PageData, "title" | "source" | "asOf"> {
  readonly looks: readonly StatusLook[];
  /** Where the page hears of what comes after it; undefined for one that stays as it is. */
  readonly updates: string | undefined;
  readonly texts: readonly string[];
  readonly tenants: readonly PackedTenant[];
}

/** Texts by their numbers; -1 for none. */
interface PackedTenant {
  readonly id: string;
  readonly status: number;
  readonly since: string | undefined;
  readonly note: number;
  readonly before: number;
  /** How many milliseconds the times' unit has. */
  readonly unit: number;
  /** Since the one before, the first since 1970; a text that is no time stays as it is. */
  readonly times: readonly (number | string)[];
  readonly names: readonly number[];
  readonly statuses: readonly number[];
  readonly effects: readonly number[];
  /** One text of UUIDs without dashes; else a list. Without it, no event has one. */
  readonly ids: string | readonly (string | null)[] | undefined;
}

export const packPage = (
  data: PageData,
  looks: readonly StatusLook[],
  updates: string | undefined,
): PackedPage => {
  const numbers = new Map<string, number>();
  const numberOf = (text: string | undefined): number => {
    if (text === undefined) return -1;
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  };
  const tenants = data.tenants.map(({ events, ...tenant }): PackedTenant => ({
    id: tenant.id,
    status: numberOf(tenant.status),
    since: tenant.since,
    note: numberOf(tenant.note),
    before: numberOf(tenant.before),
    ...packTimes(events),
    names: events.map(({ name }) => numberOf(name)),
    statuses: events.map(({ status }) => numberOf(status)),
    effects: events.map(({ effect }) => numberOf(effect)),
    ids: packIds(events.map(({ id }) => id)),
  }));
  const { title, source, asOf } = data;
  return { title, source, asOf, looks, updates, texts: [...numbers.keys()], tenants };
};

export const unpackPage = ({ texts, tenants, title, source, asOf }: PackedPage): PageData => ({
  title,
  source,
  asOf,
  tenants: tenants.map((packed) => unpackTenant(packed, texts)),
});

export const unpackTenant = (packed: PackedTenant, texts: PackedPage["texts"]): PageTenant => {
  const ids = unpackIds(packed.ids);
  return {
    id: packed.id,
    status: texts[packed.status] ?? "",
    since: packed.since,
    note: texts[packed.note],
    before: texts[packed.before],
    events: unpackTimes(packed).map((at, index): PageEvent => ({
      at,
      name: texts[packed.names[index] ?? -1] ?? "",
      id: ids[index] ?? undefined,
      status: texts[packed.statuses[index] ?? -1],
      effect: texts[packed.effects[index] ?? -1] ?? "",
    })),
  };
};

/** ECS tells whole seconds; a log, milliseconds. */
const packTimes = (events: readonly PageEvent[]): Pick<PackedTenant, "unit" | "times"> => {
  const times = events.map(({ at }) => Date.parse(at));
  const unit = times.every((time) => Number.isNaN(time) || time % 1000 === 0) ? 1000 : 1;
  let before = 0;
  return {
    unit,
    times: events.map(({ at }, index) => {
      const time = (times[index] ?? Number.NaN) / unit;
      if (Number.isNaN(time)) return at;
      const difference = time - before;
      before = time;
      return difference;
    }),
  };
};

const unpackTimes = ({ unit, times }: PackedTenant): readonly string[] => {
  let before = 0;
  return times.map((time) => {
    if (typeof time === "string") return time;
    before += time;
    return new Date(before * unit).toISOString();
  });
};

const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/;
const UUID_DIGITS = 32;

const packIds = (ids: readonly (string | undefined)[]): PackedTenant["ids"] => {
  if (ids.every((id) => id === undefined)) return undefined;
  return ids.every((id) => id !== undefined && UUID.test(id))
    ? ids.join("").replaceAll("-", "")
    : ids.map((id) => id ?? null);
};

const unpackIds = (ids: PackedTenant["ids"]): readonly (string | null)[] =>
  typeof ids === "string"
    ? Array.from({ length: ids.length / UUID_DIGITS }, (_, index) =>
        ids
          .slice(index * UUID_DIGITS, (index + 1) * UUID_DIGITS)
          .replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
      )
    : (ids ?? []);
