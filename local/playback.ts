import { pMapIterable } from "p-map";
import { type EventGlance, glanceAt } from "./event-glance.ts";
import {
  describePosition,
  type EventEntry,
  type MalformedEntry,
  type StreamEntry,
} from "./input/event-stream.ts";
import { propertyOf } from "./json-value.ts";
import type { Containers } from "./containers.ts";
import { createLanes } from "./lanes.ts";
import type { PlayedEntry } from "./played-entry.ts";
import type { Pace } from "./pace.ts";
import type { PlaybackReporter } from "./playback-reporter.ts";
import { addPlayed, emptySummary, type Summary } from "./summary.ts";
import type { TenantDirectory } from "./tenant-directory.ts";
import type { TenantItem, TenantTable } from "./tenant-table.ts";
import { type Tenant, tenantOfService } from "./tenants.ts";

export interface PlaybackContext {
  readonly containers: Containers;
  readonly table: TenantTable;
  readonly directory: TenantDirectory;
  /** Whether a service that nobody knows is a tenant of its own, from its first event on. */
  readonly meetsTenants: boolean;
  readonly pace: Pace | undefined;
  /** Whether events of different tenants are played side by side. */
  readonly isSideBySide: boolean;
  /** Hears of each that was played, in their order. */
  readonly count: (played: PlayedEntry) => void;
  readonly reporter: PlaybackReporter;
  readonly signal: AbortSignal;
}

/**
 * Plays the entries until the signal is aborted, and tells what came of each, in their order. Side by side, events of one tenant are
 * still played one after another, and an event of which it is not known whose it is, alone.
 */
export const play = async (
  entries: AsyncIterable<StreamEntry>,
  {
    containers,
    table,
    directory,
    meetsTenants,
    pace,
    isSideBySide,
    count,
    reporter,
    signal,
  }: PlaybackContext,
): Promise<Summary> => {
  const lanes = createLanes();
  const isStopped = (): boolean => signal.aborted;

  const rowOf = (tenantId: string): TenantItem | undefined =>
    reporter.showRow === undefined ? undefined : table.get(tenantId);

  const put = (tenant: Tenant): TenantItem | undefined => {
    table.put(tenant);
    return rowOf(tenant.tenant_id);
  };

  const show = (row: TenantItem | undefined): void => {
    if (row !== undefined) reporter.showRow?.(row);
  };

  /** A tenant that is met for the first time. */
  const meet = ({ glance: { serviceArn }, tenantId: told }: GlancedEvent): Tenant | undefined => {
    if (!meetsTenants || serviceArn === undefined) return undefined;
    if (directory.ofService(serviceArn) !== undefined) return undefined;
    const tenant = tenantOfService(serviceArn, told);
    return tenant !== undefined && directory.add(tenant) ? tenant : undefined;
  };

  const invoke = async (
    { payload, position, glance }: GlancedEvent,
    lane: string | undefined,
  ): Promise<PlayedEntry> => {
    const invocation = await containers.use((container) => container.invoke(payload, lane));
    const result =
      invocation.kind === "answered"
        ? invocation.answer
        : { status: "failed" as const, error: invocation.error };
    const tenantId = ("tenantId" in result ? result.tenantId : undefined) ?? tenantIdOf(glance, directory);
    return { position, glance, tenantId, result, requests: invocation.requests };
  };

  const playEvent = async (entry: EventEntry): Promise<EntryOutcome> => {
    const event: GlancedEvent = { ...entry, glance: glanceAt(entry.event) };
    const met = meet(event);
    const lane = laneOf(event, directory);
    return lanes.run(lane, async () => {
      await pace?.(event.glance.time, signal);
      if (isStopped()) return UNKNOWN;
      const metRow = met && put(met);
      const played = await invoke(event, lane);
      // What comes of an event that is interrupted is not known.
      if (isStopped()) return UNKNOWN;
      const row = played.result.status === "success" ? rowOf(played.result.tenantId) : undefined;
      return { kind: "played", metRow, played, row };
    });
  };

  let summary = emptySummary;
  const outcomes = pMapIterable(
    settled(entries),
    (entry): EntryOutcome | Promise<EntryOutcome> => (entry.kind === "event" ? playEvent(entry) : entry),
    { concurrency: isSideBySide ? READ_AHEAD : 1 },
  );
  try {
    for await (const outcome of outcomes) {
      if (outcome.kind === "unknown") continue;
      if (outcome.kind === "broken") throw outcome.error;
      const { metRow, played, row } = outcome.kind === "played" ? outcome : malformed(outcome);
      show(metRow);
      reporter.played(played);
      count(played);
      summary = addPlayed(summary, played);
      show(row);
    }
  } catch (error) {
    // Reading, too, ends with it.
    if (!signal.aborted) throw error;
  }
  return summary;
};

/** How many entries are read before the first of them has been played: enough that those of one tenant do not hold up the others. */
const READ_AHEAD = 64;

type GlancedEvent = EventEntry & Pick<PlayedEntry, "glance">;

type EntryOutcome = PlayedOutcome | MalformedEntry | BrokenEntries | typeof UNKNOWN;

interface PlayedOutcome {
  readonly kind: "played";
  /** The row of a tenant that is new. */
  readonly metRow?: TenantItem | undefined;
  readonly played: PlayedEntry;
  readonly row?: TenantItem | undefined;
}

const UNKNOWN = { kind: "unknown" } as const;

interface BrokenEntries {
  readonly kind: "broken";
  readonly error: unknown;
}

/** The entries, and the error that ends them in its place: thrown earlier, nobody would be there yet to catch it. */
async function* settled(entries: AsyncIterable<StreamEntry>): AsyncGenerator<StreamEntry | BrokenEntries> {
  try {
    yield* entries;
  } catch (error) {
    yield { kind: "broken", error };
  }
}

const tenantIdOf = ({ serviceArn }: EventGlance, directory: TenantDirectory): string | undefined =>
  serviceArn === undefined ? undefined : directory.ofService(serviceArn)?.tenant_id;

/** Tags that come with an event may name another tenant than the service's. */
const laneOf = ({ event, glance }: GlancedEvent, directory: TenantDirectory): string | undefined =>
  propertyOf(propertyOf(event, "detail"), "tags") === undefined ? tenantIdOf(glance, directory) : undefined;

const malformed = ({ position, problem }: MalformedEntry): PlayedOutcome => ({
  kind: "played",
  played: {
    position,
    glance: {},
    tenantId: undefined,
    result: {
      status: "failed",
      error: { name: "SyntaxError", message: `${describePosition(position)} ${problem}` },
    },
    requests: 0,
  },
});
