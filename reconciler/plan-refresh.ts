import type { ServiceOwner } from "./service-owner.ts";

/** An item of the directory as it was read. */
export interface DirectoryEntry {
  readonly serviceArn: string;
  /** `learned_at` as it stands; undefined when it is no text, or not there. */
  readonly stamp?: string | undefined;
  readonly isStamped: boolean;
  /** It says that the service is nobody's. */
  readonly isVacant: boolean;
  /** What it says; undefined when it names no tenant, or the handler would not believe it. */
  readonly known?: { readonly tenantId: string; readonly learnedAt: number } | undefined;
}

export interface RefreshPlan {
  readonly write: readonly { readonly owner: ServiceOwner; readonly entry: DirectoryEntry | undefined }[];
  /** Items of services that ECS did not list as a tenant's; perhaps they are gone. */
  readonly unlisted: readonly DirectoryEntry[];
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** An item lives for 30 days. */
const MAX_AGE_MS = 20 * DAY_MS;
/** Late events of a service that is gone still find their tenant; EventBridge delivers for a day. */
const KEPT_MS = DAY_MS;

/** What is to be written and what may go; of one shard of services and items. Pure. */
export const planRefresh = (
  owners: readonly ServiceOwner[],
  entries: readonly DirectoryEntry[],
  now: number,
): RefreshPlan => {
  const byArn = new Map(entries.map((entry) => [entry.serviceArn, entry]));
  const listed = new Set(owners.map(({ serviceArn }) => serviceArn));
  return {
    write: owners
      .map((owner) => ({ owner, entry: byArn.get(owner.serviceArn) }))
      .filter(({ owner, entry }) => isToWrite(owner, entry, now)),
    unlisted: entries.filter(
      ({ serviceArn, isVacant, known }) =>
        !listed.has(serviceArn) && !isVacant && (known === undefined || now - known.learnedAt > KEPT_MS),
    ),
  };
};

const isToWrite = (
  { tenantId, at }: ServiceOwner,
  entry: DirectoryEntry | undefined,
  now: number,
): boolean => {
  const known = entry?.known;
  if (known === undefined) return true;
  if (known.learnedAt > Date.parse(at)) return false;
  return known.tenantId !== tenantId || now - known.learnedAt > MAX_AGE_MS;
};
