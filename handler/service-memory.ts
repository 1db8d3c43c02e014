import type { KnownService } from "./directory-item.ts";
import type { TenantTags } from "./tenant-tags.ts";

/** The services that a warm container remembers. */
export interface ServiceMemory {
  get(serviceArn: string, now: number): KnownService | undefined;
  set(serviceArn: string, tags: TenantTags, now: number): void;
  delete(serviceArn: string): void;
}

/** A service's tags hardly ever change; five minutes is how long a change may go unnoticed. */
const MEMORY_MS = 5 * 60 * 1000;

/** @param maxEntries more push the oldest out. */
export const createServiceMemory = (maxEntries: number): ServiceMemory => {
  const entries = new Map<string, KnownService>();
  return {
    get: (serviceArn, now) => {
      const entry = entries.get(serviceArn);
      return isWithin(MEMORY_MS, entry?.learnedAt, now) ? entry : undefined;
    },
    set: (serviceArn, tags, now) => {
      // Re-inserted, the entry is the youngest; the map's first is then the oldest.
      entries.delete(serviceArn);
      entries.set(serviceArn, { tags, learnedAt: now });
      const [oldest] = entries.keys();
      // Stryker disable next-line ConditionalExpression: a map that is too large has a first entry; for the compiler
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    },
    delete: (serviceArn) => {
      entries.delete(serviceArn);
    },
  };
};

/** Whether less than so many milliseconds have passed; not when the clock was set back since. */
export const isWithin = (milliseconds: number, since: number | undefined, now: number): boolean => {
  const passed = now - (since ?? Number.NEGATIVE_INFINITY);
  return passed >= 0 && passed < milliseconds;
};
