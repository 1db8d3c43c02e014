import { type ScaleTime, scaleUtc } from "d3-scale";
import type { PageEvent, PageTenant } from "../page-data.ts";

/** A stretch of time in which a tenant had one status. */
export interface Stretch {
  readonly status: string;
  readonly from: number;
  readonly to: number;
}

export type TimeScale = ScaleTime<number, number>;

/** A strip's own units; it is as wide as the window lets it be. */
export const STRIP_WIDTH = 1000;
export const STRIP_HEIGHT = 20;

/** What is shorter would not be seen. */
const NARROWEST = 3;

export const stretchesOf = ({ before, events }: PageTenant, end: number): readonly Stretch[] => {
  const stretches: Stretch[] = [];
  let status = before;
  let from = Number.NEGATIVE_INFINITY;
  for (const event of events) {
    // One that came late counts from when it was known.
    const at = Math.max(from, Date.parse(event.at));
    if (Number.isNaN(at) || event.status === undefined || event.status === status) continue;
    if (status !== undefined) stretches.push({ status, from, to: at });
    status = event.status;
    from = at;
  }
  if (status !== undefined) stretches.push({ status, from, to: Math.max(end, from) });
  return stretches;
};

/** From the first event of all, or so many milliseconds before the end; whole hours or days, so that it seldom changes. */
export const scaleOf = (
  tenants: readonly PageTenant[],
  end: number,
  lastMs: number | undefined,
): TimeScale => {
  const begin =
    lastMs === undefined
      ? tenants.reduce((first, tenant) => Math.min(first, firstTime(tenant)), end)
      : end - lastMs;
  const scale = scaleUtc(
    [new Date(begin === end ? end - 3_600_000 : begin), new Date(end)],
    [0, STRIP_WIDTH],
  );
  return scale.nice().clamp(true);
};

const firstTimes = new WeakMap<PageTenant, number>();

/** When the first of its events was, in milliseconds since 1970; infinity without one. Made once. */
export const firstTime = (tenant: PageTenant): number => {
  let first = firstTimes.get(tenant);
  if (first === undefined) {
    first = tenant.events
      .map(({ at }) => Date.parse(at))
      .reduce((least, time) => (time < least ? time : least), Number.POSITIVE_INFINITY);
    firstTimes.set(tenant, first);
  }
  return first;
};

/** One path for each status: a tenant's whole life is a few elements, however often it changed. */
export const pathsOf = (stretches: readonly Stretch[], scale: TimeScale): ReadonlyMap<string, string> => {
  const paths = new Map<string, string>();
  const [begin = 0, end = 0] = scale.domain().map(Number);
  for (const { status, from, to } of stretches) {
    if (to < begin || from > end) continue;
    const left = round(scale(new Date(Math.max(from, begin))));
    const width = Math.max(NARROWEST, round(scale(new Date(to))) - left);
    paths.set(
      status,
      `${paths.get(status) ?? ""}M${Math.min(left, STRIP_WIDTH - NARROWEST)} 0h${round(width)}v${STRIP_HEIGHT}h${round(-width)}z`,
    );
  }
  return paths;
};

const round = (value: number): number => Math.round(value * 10) / 10;

/** The last event that is not after that moment: the one whose status was in force. */
export const eventAt = (events: readonly PageEvent[], moment: number): number => {
  let found = -1;
  events.forEach(({ at, status }, index) => {
    if (status !== undefined && Date.parse(at) <= moment) found = index;
  });
  return Math.max(found, events.length > 0 ? 0 : -1);
};
